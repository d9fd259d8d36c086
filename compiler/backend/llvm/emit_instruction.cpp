// Instructions: one LLVM value each, with exactly the bits that the C++ backend's line gives.
#include <llvm/IR/Constants.h>
#include <llvm/IR/Intrinsics.h>

#include <numeric>

#include "compiler/backend/llvm/emit.h"
#include "compiler/base/bug.h"

namespace rnnc::backend {

using loop::Instruction;
using loop::Op;

llvm::Value* BodyEmitter::operand(const Instruction& instruction, std::size_t i) const {
  check(i < instruction.operands.size(), "an instruction lacks an operand");
  llvm::Value* value = frame_->values[instruction.operands[i]];
  check(value != nullptr, "a value is used before it is made");
  return value;
}

llvm::Value* BodyEmitter::splat(llvm::Value* scalar) {
  return builder_.CreateVectorSplat(static_cast<unsigned>(module_.lanes()), scalar);
}

llvm::Constant* BodyEmitter::splat(double number) { return llvm::ConstantFP::get(module_.vector(), number); }

llvm::Constant* BodyEmitter::first_lanes_mask(int count) const {
  std::vector<llvm::Constant*> lanes;
  for (int i = 0; i < module_.lanes(); ++i)
    lanes.push_back(llvm::ConstantInt::getBool(module_.context(), i < count));
  return llvm::ConstantVector::get(lanes);
}

// a > b ? a : b, which is maxps: the second operand for NaN and for equal zeros.
llvm::Value* BodyEmitter::greater_of(llvm::Value* a, llvm::Value* b) {
  return builder_.CreateSelect(builder_.CreateFCmpOGT(a, b), a, b);
}

// Before SSE4.1 there is no rounding instruction. Adding 2^23 (2^52) to a smaller magnitude leaves no room for a
// fraction; the sign is put back for the sake of -0.
llvm::Value* BodyEmitter::rounded(llvm::Value* value) {
  if (module_.source().target.name != "sse2") return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::nearbyint, value);
  llvm::Constant* large = splat(module_.source().element == loop::Element::f64 ? 0x1p52 : 0x1p23);
  llvm::Value* magnitude = builder_.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, value);
  llvm::Value* whole = builder_.CreateFSub(builder_.CreateFAdd(magnitude, large), large);
  whole = builder_.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, whole, value);
  return builder_.CreateSelect(builder_.CreateFCmpOLT(magnitude, large), whole, value);
}

llvm::Value* BodyEmitter::floored(llvm::Value* value) {
  if (module_.source().target.name != "sse2") return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::floor, value);
  llvm::Value* whole = rounded(value);
  llvm::Value* lower = builder_.CreateFSub(whole, splat(1.0));
  return builder_.CreateSelect(builder_.CreateFCmpOGT(whole, value), lower, whole);
}

// Lanes i and i + lanes/2, then i and i + lanes/4, …: by rotations, so that each lane comes to hold the result.
llvm::Value* BodyEmitter::fold_lanes(llvm::Value* value, bool maximum) {
  const int lanes = module_.lanes();
  llvm::Value* unordered = maximum ? builder_.CreateOrReduce(builder_.CreateFCmpUNO(value, value)) : nullptr;
  for (int distance = lanes / 2; distance > 0; distance /= 2) {
    llvm::SmallVector<int, 16> rotation;
    for (int i = 0; i < lanes; ++i) rotation.push_back((i + distance) % lanes);
    llvm::Value* other = builder_.CreateShuffleVector(value, rotation);
    value = maximum ? greater_of(value, other) : builder_.CreateFAdd(value, other);
  }
  if (!maximum) return value;
  // Which zero is the greater depends on the order, which lane 0 has right.
  value = builder_.CreateShuffleVector(value, llvm::SmallVector<int, 16>(static_cast<std::size_t>(lanes), 0));
  return builder_.CreateSelect(unordered, llvm::ConstantFP::getNaN(value->getType()), value);
}

// The lanes' representations as whole numbers.
llvm::Value* BodyEmitter::bits_of(llvm::Value* value) {
  llvm::Type* whole = builder_.getIntNTy(module_.real()->getScalarSizeInBits());
  return builder_.CreateBitCast(value, llvm::FixedVectorType::get(whole, static_cast<unsigned>(module_.lanes())));
}

// The first lanes in pieces of falling powers of two: masked stores are slow on some processors. A lane by itself is taken
// as a whole number: for AVX-512, LLVM 19 takes one number of a selection apart into what it has no instruction for
// (llvm-project issue 117684).
void BodyEmitter::store_pieces(llvm::Value* value, llvm::Value* place, llvm::Align alignment,
                               const Instruction& instruction) {
  int first = 0;
  for (int size = module_.lanes(); size > 0; size /= 2) {
    if (instruction.count - first < size) continue;
    llvm::SmallVector<int, 16> lanes;
    for (int i = 0; i < size; ++i) lanes.push_back(first + i);
    llvm::Value* piece = size == module_.lanes() ? value
                         : size > 1              ? builder_.CreateShuffleVector(value, lanes)
                                                 : builder_.CreateExtractElement(bits_of(value), first);
    llvm::Value* to = builder_.CreateConstInBoundsGEP1_64(module_.real(), place, static_cast<std::uint64_t>(first));
    note(builder_.CreateAlignedStore(piece, to, alignment), instruction.address.buffer);
    first += size;
  }
}

llvm::Value* BodyEmitter::memory(const Instruction& instruction) {
  const loop::Buffer& buffer = module_.source().buffers[instruction.address.buffer];
  check(buffer.element == module_.source().element, "`" + buffer.name + "` does not hold the module's numbers");
  llvm::Value* place = address(instruction.address);
  const llvm::Align alignment(static_cast<std::uint64_t>(loop::size_of(buffer.element)));
  llvm::Type* vector = module_.vector();
  llvm::Instruction* access = nullptr;
  llvm::Value* result = nullptr;
  switch (instruction.op) {
    case Op::load:
      result = access = builder_.CreateAlignedLoad(vector, place, alignment);
      break;
    case Op::load_first:
      result = access = builder_.CreateMaskedLoad(vector, place, alignment, first_lanes_mask(instruction.count),
                                                  llvm::Constant::getNullValue(vector));
      break;
    case Op::load_scalar:
      access = builder_.CreateAlignedLoad(module_.real(), place, alignment);
      result = splat(access);
      break;
    case Op::store:
      access = builder_.CreateAlignedStore(operand(instruction, 0), place, alignment);
      break;
    case Op::store_first:
      store_pieces(operand(instruction, 0), place, alignment, instruction);
      return nullptr;
    case Op::prefetch:
      // For reading, to be kept in every level of the cache, data.
      builder_.CreateIntrinsic(llvm::Intrinsic::prefetch, {place->getType()},
                               {place, builder_.getInt32(0), builder_.getInt32(3), builder_.getInt32(1)});
      return nullptr;
    default: throw Bug("not a memory instruction");
  }
  note(access, instruction.address.buffer);
  return result;
}

// The representation as an integer.
llvm::Value* BodyEmitter::integer(const Instruction& instruction) {
  auto in = [&](std::size_t i) { return bits_of(operand(instruction, i)); };
  const auto count = static_cast<unsigned>(instruction.count);
  auto shifted = [&](bool left) -> llvm::Value* {
    if (count >= module_.real()->getScalarSizeInBits()) return llvm::Constant::getNullValue(in(0)->getType());
    return left ? builder_.CreateShl(in(0), count) : builder_.CreateLShr(in(0), count);
  };
  llvm::Value* result = nullptr;
  switch (instruction.op) {
    case Op::bit_and: result = builder_.CreateAnd(in(0), in(1)); break;
    case Op::bit_or: result = builder_.CreateOr(in(0), in(1)); break;
    case Op::bit_xor: result = builder_.CreateXor(in(0), in(1)); break;
    case Op::int_add: result = builder_.CreateAdd(in(0), in(1)); break;
    case Op::int_sub: result = builder_.CreateSub(in(0), in(1)); break;
    case Op::shift_left: result = shifted(true); break;
    case Op::shift_right: result = shifted(false); break;
    default: throw Bug("not an integer instruction");
  }
  return builder_.CreateBitCast(result, module_.vector());
}

// An elementwise function is written out in place: its names get a frame of their own. An epilogue, which a tile calls
// once for each of its rows and blocks, is called.
llvm::Value* BodyEmitter::call(const Instruction& instruction) {
  const loop::Function& helper = module_.source().functions[instruction.function];
  check(helper.kind == loop::FunctionKind::helper, "`" + helper.name + "` is called but is no helper");
  check(helper.vectors.size() == instruction.operands.size() && helper.parameters.size() == instruction.indices.size(),
        "`" + helper.name + "` is called with a wrong number of arguments");
  if (helper.reads_run && !helper.result.valid()) {
    std::vector<llvm::Value*> arguments{run_};
    for (const loop::Index& index : instruction.indices) arguments.push_back(number(index));
    for (std::size_t i = 0; i < helper.vectors.size(); ++i) arguments.push_back(operand(instruction, i));
    builder_.CreateCall(module_.epilogue(instruction.function), arguments);
    return nullptr;
  }
  Frame inner;
  inner.function = &helper;
  inner.values = IdVector<loop::ValueId, llvm::Value*>(helper.values.size(), nullptr);
  for (std::size_t i = 0; i < helper.vectors.size(); ++i) inner.values[helper.vectors[i]] = operand(instruction, i);
  for (std::size_t i = 0; i < helper.parameters.size(); ++i)
    inner.symbols.emplace(helper.parameters[i], polynomial(instruction.indices[i]));
  Frame* outer = std::exchange(frame_, &inner);
  body(helper.body);
  frame_ = outer;
  return helper.result.valid() ? inner.values[helper.result] : nullptr;
}

llvm::Value* BodyEmitter::compute(const Instruction& instruction) {
  const bool fused = module_.source().target.fma;
  auto in = [&](std::size_t i) { return operand(instruction, i); };
  switch (instruction.op) {
    case Op::constant: return splat(instruction.number);
    case Op::bits: {
      const bool wide = module_.source().element == loop::Element::f64;
      const llvm::APInt pattern(wide ? 64 : 32, wide ? instruction.pattern : instruction.pattern & 0xffffffffu);
      return llvm::ConstantFP::get(module_.vector(), llvm::APFloat(module_.real()->getFltSemantics(), pattern));
    }
    case Op::number: return splat(builder_.CreateSIToFP(number(instruction.index), module_.real()));
    case Op::word: {
      llvm::Value* whole = number(instruction.index);
      llvm::Value* part = builder_.CreateTrunc(
          builder_.CreateLShr(whole, static_cast<std::uint64_t>(instruction.count)), builder_.getInt32Ty());
      const bool wide = module_.source().element == loop::Element::f64;
      return splat(builder_.CreateBitCast(wide ? builder_.CreateZExt(part, builder_.getInt64Ty()) : part, module_.real()));
    }
    case Op::iota: {
      std::vector<llvm::Constant*> lanes;
      for (int i = 0; i < module_.lanes(); ++i) lanes.push_back(llvm::ConstantFP::get(module_.real(), i));
      return llvm::ConstantVector::get(lanes);
    }
    case Op::load:
    case Op::load_first:
    case Op::load_scalar:
    case Op::store:
    case Op::store_first:
    case Op::prefetch: return memory(instruction);
    case Op::add: return builder_.CreateFAdd(in(0), in(1));
    case Op::sub: return builder_.CreateFSub(in(0), in(1));
    case Op::mul: return builder_.CreateFMul(in(0), in(1));
    case Op::div: return builder_.CreateFDiv(in(0), in(1));
    case Op::fma:
      if (!fused) return builder_.CreateFAdd(builder_.CreateFMul(in(0), in(1)), in(2));
      return builder_.CreateIntrinsic(llvm::Intrinsic::fma, {module_.vector()}, {in(0), in(1), in(2)});
    case Op::fnma:
      if (!fused) return builder_.CreateFSub(in(2), builder_.CreateFMul(in(0), in(1)));
      return builder_.CreateIntrinsic(llvm::Intrinsic::fma, {module_.vector()},
                                      {builder_.CreateFNeg(in(0)), in(1), in(2)});
    case Op::min: return builder_.CreateSelect(builder_.CreateFCmpOLT(in(0), in(1)), in(0), in(1));
    case Op::max: return greater_of(in(0), in(1));
    case Op::neg: return builder_.CreateFNeg(in(0));
    case Op::abs: return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, in(0));
    case Op::sqrt: return builder_.CreateUnaryIntrinsic(llvm::Intrinsic::sqrt, in(0));
    case Op::round: return rounded(in(0));
    case Op::floor: return floored(in(0));
    case Op::less: return builder_.CreateFCmpOLT(in(0), in(1));
    case Op::less_equal: return builder_.CreateFCmpOLE(in(0), in(1));
    case Op::equal: return builder_.CreateFCmpOEQ(in(0), in(1));
    case Op::index_less: return splat(builder_.CreateICmpSLT(number(instruction.index), number(instruction.index2)));
    case Op::mask_and: return builder_.CreateAnd(in(0), in(1));
    case Op::mask_or: return builder_.CreateOr(in(0), in(1));
    case Op::mask_not: return builder_.CreateNot(in(0));
    case Op::select: return builder_.CreateSelect(in(0), in(1), in(2));
    case Op::first_lanes: return builder_.CreateSelect(first_lanes_mask(instruction.count), in(0), in(1));
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor:
    case Op::int_add:
    case Op::int_sub:
    case Op::shift_left:
    case Op::shift_right: return integer(instruction);
    case Op::lane_sum: return fold_lanes(in(0), false);
    case Op::lane_max: return fold_lanes(in(0), true);
    case Op::call: return call(instruction);
  }
  throw Bug("no such instruction");
}

void BodyEmitter::statement(const Instruction& instruction) {
  llvm::Value* value = compute(instruction);
  if (!instruction.result.valid()) return;
  check(value != nullptr, "an instruction without a value has a result");
  frame_->values[instruction.result] = value;
  const std::string& name = frame_->function->values[instruction.result].name;
  if (!name.empty() && !llvm::isa<llvm::Constant>(value) && !value->hasName()) value->setName(name);
}

}  // namespace rnnc::backend
