// What the ABI promises besides numbers: compiled code allocates nothing, locks nothing, asks the system for nothing, and
// touches no byte outside of the arrays it is given.
#include <gtest/gtest.h>

#include <sys/mman.h>
#include <unistd.h>

#include <mutex>

#include "runtime/model.h"
#include "tests/differential/build.h"
#include "tests/differential/call.h"
#include "tests/differential/counted_calls.h"

namespace rnnc {
namespace {

using driver::BackendKind;
using loop::Element;
using testing::build;
using testing::CallCounts;
using testing::Case;
using testing::Given;
using testing::RunOptions;
using testing::RunShape;

// Each array alone between pages that nobody may touch; at the end of its own, or at the beginning.
class GuardedMemory : public testing::Memory {
 public:
  explicit GuardedMemory(bool at_end) : at_end_(at_end) {}
  ~GuardedMemory() override {
    for (const auto& [place, bytes] : maps_) ::munmap(place, bytes);
  }
  // The code needs no more than a number's alignment, so an end may stand at a page's whatever begins before it.
  char* get(std::size_t bytes, std::size_t) override {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t inside = (bytes + page - 1) / page * page, whole = inside + 2 * page;
    void* place = ::mmap(nullptr, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) throw std::bad_alloc();
    maps_.emplace_back(place, whole);
    char* first = static_cast<char*>(place) + page;
    if (inside > 0 && ::mprotect(first, inside, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
    if (!at_end_) return first;
    EXPECT_EQ(bytes % sizeof(float), 0u);
    return first + inside - bytes;
  }

 private:
  bool at_end_;
  std::vector<std::pair<void*, std::size_t>> maps_;
};

CallCounts worst;
void count(testing::Entry, bool begin) {
  if (begin) return testing::start_counting();
  const CallCounts counts = testing::stop_counting();
  worst.allocations += counts.allocations;
  worst.locks += counts.locks;
  worst.system_calls += counts.system_calls;
}

void expect_promises(const rnnc_model& model) {
  for (const RunShape& shape : testing::small_shapes()) {
    const Given given = testing::random_given(model, shape, 7, 0.5);
    const bool one_step = shape.steps[0] == 1;
    for (const bool at_end : {true, false})
      for (const std::int64_t windows : {0, 3, -1}) {
        const bool by_step = windows < 0;
        if (by_step && !one_step) continue;
        GuardedMemory memory(at_end);
        RunOptions options{.backward = !by_step, .by_step = by_step, .memory = &memory, .around = count};
        if (windows > 0) options.windows = windows;
        worst = {};
        const testing::Written written = testing::run(model, shape, given, options);
        EXPECT_EQ(written.code, RNNC_OK) << written.failed;
        EXPECT_EQ(written.misbehaved, "");
        EXPECT_EQ(worst.allocations, 0);
        EXPECT_EQ(worst.locks, 0);
        EXPECT_EQ(worst.system_calls, 0);
      }
  }
}

class Promises : public ::testing::TestWithParam<Case> {};
TEST_P(Promises, HoldForMachineCode) {
  const auto built = build(GetParam(), BackendKind::jit, Element::f32);
  ASSERT_TRUE(built);
  expect_promises(built->model());
}
INSTANTIATE_TEST_SUITE_P(All, Promises, ::testing::ValuesIn(testing::odd_cases()), testing::name_of_case);

// Emitted C++ comes from the same loops; compiling takes seconds.
TEST(EmittedPromises, Hold) {
  const auto built = build({"examples/classifier.rnn", "", {}}, BackendKind::cpp, Element::f64,
                           testing::Emitted::as_documented);
  ASSERT_TRUE(built);
  expect_promises(built->model());
}
TEST(EmittedPromises, HoldWithTables) {
  const auto built = build({"examples/charlm.rnn", "", {{"V", 11}, {"H", 9}}}, BackendKind::cpp, Element::f32);
  ASSERT_TRUE(built);
  expect_promises(built->model());
}

// A target that is not there is never taken for zeros.
TEST(Targets, AreNeededWhereTheLossIs) {
  for (const BackendKind backend : {BackendKind::interp, BackendKind::jit, BackendKind::cpp}) {
    const auto built = build({"examples/classifier.rnn", "", {}}, backend, Element::f64);
    ASSERT_TRUE(built);
    const rnnc_model& abi = built->model();
    const auto model = runtime::Model::create(abi);
    ASSERT_TRUE(model.ok() && (*model)->pack().ok());
    runtime::RunShape shape;
    shape.steps.fill(3);
    shape.rows = 2;
    auto training = runtime::Run::create(**model, shape, runtime::RunMode::training);
    ASSERT_TRUE(training.ok()) << training.message();
    ASSERT_TRUE(training->forward_train().ok() && training->backward().ok());
    rnnc_call call = training->call();
    std::vector<const void*> inputs(call.inputs, call.inputs + abi.input_count);
    int targets = 0;
    for (int i = 0; i < abi.input_count; ++i)
      if (abi.inputs[i].target != 0) inputs[static_cast<std::size_t>(i)] = nullptr, ++targets;
    ASSERT_GT(targets, 0);
    call.inputs = inputs.data();
    EXPECT_EQ(abi.forward(&abi, &call), RNNC_BAD_CALL);
    EXPECT_EQ(abi.forward_train(&abi, &call), RNNC_BAD_CALL);
    EXPECT_EQ(abi.backward(&abi, &call), RNNC_BAD_CALL);
    call.loss = nullptr;
    EXPECT_EQ(abi.forward(&abi, &call), RNNC_OK);
    EXPECT_EQ(abi.forward_train(&abi, &call), RNNC_BAD_CALL);
    EXPECT_EQ(abi.backward(&abi, &call), RNNC_BAD_CALL);
  }
}

// What the guards are worth.
TEST(GuardedMemoryDeathTest, IsNotToBeTouchedOutside) {
  EXPECT_DEATH(GuardedMemory(true).get(12, 4)[12] = 1, "");
  EXPECT_DEATH(GuardedMemory(false).get(12, 4)[-1] = 1, "");
  GuardedMemory memory(true);
  memory.get(12, 4)[11] = 1;
}

// What the counters are worth: they see what they should see.
TEST(CountedCalls, AreSeen) {
  std::mutex mutex;
  testing::start_counting();
  auto* number = new int(3);
  mutex.lock();
  mutex.unlock();
  const auto parent = ::getppid();
  CallCounts counts = testing::stop_counting();
  EXPECT_GT(parent, 0);
  EXPECT_GE(counts.allocations, 1);
  EXPECT_GE(counts.locks, 1);
  if (testing::can_count_system_calls()) {
    EXPECT_GE(counts.system_calls, 1);
  }
  delete number;
  testing::start_counting();
  counts = testing::stop_counting();
  EXPECT_EQ(counts.allocations + counts.locks + counts.system_calls, 0);
}

}  // namespace
}  // namespace rnnc
