// Tensors, files, threads, random numbers and the model host. Training is tested in trainer_test.cpp.
#include <gtest/gtest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numeric>
#include <random>
#include <thread>

#include "runtime/file.h"
#include "runtime/initialize.h"
#include "runtime/model.h"
#include "runtime/random.h"
#include "runtime/safetensors.h"
#include "runtime/tensor.h"
#include "runtime/thread_pool.h"
#include "tests/unit/tiny_rnn.h"

namespace rnnc::runtime {
namespace {

// A folder that is gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rnnc-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator()));
  }

 private:
  std::string path_;
};

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string safetensors_bytes(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

TensorFile sample_file() {
  TensorFile file;
  file.tensors.emplace("W", Tensor::of({2, 3}, std::vector<double>{1.5, -2, 3, 4e300, -0.0, 6}));
  file.tensors.emplace("b", Tensor::of({3}, std::vector<float>{0.25f, -1, 7}));
  file.tensors.emplace("ids", Tensor::of({1, 2}, std::vector<std::int32_t>{-5, 9}));
  file.tensors.emplace("scalar", Tensor::of({}, std::vector<std::int64_t>{1LL << 40}));
  file.tensors.emplace("none", Tensor::zeros(DType::BF16, {0, 4}));
  file.metadata = {{"case", "a \"quoted\" näme\n"}, {"steps", "7"}};
  return file;
}

TEST(Tensor, CountsElements) {
  EXPECT_EQ(element_count(Extents{}), 1);
  EXPECT_EQ(element_count(Extents{3, 4}), 12);
  EXPECT_EQ(element_count(Extents{0, std::numeric_limits<std::int64_t>::max(), 8}), std::nullopt);
  EXPECT_EQ(element_count(Extents{0, 8}), 0);
  EXPECT_EQ(element_count(Extents{-1, 0}), std::nullopt);
  EXPECT_EQ(element_count(Extents{std::int64_t(1) << 32, std::int64_t(1) << 32}), std::nullopt);
  EXPECT_THROW(Tensor(DType::F64, {std::int64_t(1) << 62}), std::bad_alloc);
}

TEST(Tensor, ConvertsHalves) {
  EXPECT_EQ(half_to_float(0x3c00), 1.0f);
  EXPECT_EQ(half_to_float(0xc500), -5.0f);
  EXPECT_EQ(half_to_float(0x0001), 0x1p-24f);
  EXPECT_EQ(half_to_float(0x83ff), -0x1.ff8p-15f);
  EXPECT_EQ(half_to_float(0x7bff), 65504.0f);
  EXPECT_EQ(half_to_float(0xfc00), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(half_to_float(0x7e01)));
  EXPECT_TRUE(std::signbit(half_to_float(0x8000)));
  EXPECT_EQ(bfloat16_to_float(0xbfc0), -1.5f);
  Tensor halves(DType::F16, {2});
  halves.view<std::uint16_t>()[0] = 0x3555;
  halves.view<std::uint16_t>()[1] = 0xbc00;
  EXPECT_EQ(halves.to_doubles(), (std::vector<double>{0x1.554p-2, -1}));
}

TEST(Tensor, ConvertsIntegersWithinRange) {
  Tensor wide(DType::U64, {2});
  wide.view<std::uint64_t>()[0] = 7;
  wide.view<std::uint64_t>()[1] = 2147483647;
  EXPECT_EQ(*wide.to_int32s(), (std::vector<std::int32_t>{7, 2147483647}));
  wide.view<std::uint64_t>()[1] = 2147483648u;
  EXPECT_NE(wide.to_int32s().message().find("entry 1 is 2147483648"), std::string::npos);
  EXPECT_FALSE(Tensor::of({1}, std::vector<std::int64_t>{-(1LL << 31) - 1}).to_int32s().ok());
  EXPECT_EQ(Tensor::of({1}, std::vector<std::int64_t>{-(1LL << 31)}).to_int32s()->at(0), INT32_MIN);
  EXPECT_NE(Tensor::of({1}, std::vector<double>{1}).to_int32s().message().find("F64"), std::string::npos);
  Tensor bytes(DType::I8, {2});
  bytes.view<std::int8_t>()[0] = -128;
  bytes.view<std::int8_t>()[1] = 127;
  EXPECT_EQ(*bytes.to_int32s(), (std::vector<std::int32_t>{-128, 127}));
  EXPECT_EQ(bytes.to_floats(), (std::vector<float>{-128, 127}));
}

TEST(Tensor, IsAlignedAndCopiesDeeply) {
  Tensor a = Tensor::of({3}, std::vector<float>{1, 2, 3});
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(a.data()) % 64, 0u);
  Tensor b = a;
  b.view<float>()[0] = 9;
  EXPECT_EQ(a.number(0), 1);
  EXPECT_EQ(Tensor::of({1}, std::vector<double>{1e300}).to_floats()[0], std::numeric_limits<float>::infinity());
}

TEST(Safetensors, WritesAndReadsBack) {
  const Folder folder;
  const TensorFile file = sample_file();
  ASSERT_TRUE(write_safetensors(folder / "a.safetensors", file).ok());
  const auto read = read_safetensors(folder / "a.safetensors");
  ASSERT_TRUE(read.ok()) << read.message();
  EXPECT_EQ(read->metadata, file.metadata);
  ASSERT_EQ(read->tensors.size(), file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    const Tensor* other = read->find(name);
    ASSERT_NE(other, nullptr) << name;
    EXPECT_EQ(other->dtype(), tensor.dtype());
    EXPECT_EQ(other->extents(), tensor.extents());
    ASSERT_EQ(other->bytes(), tensor.bytes());
    EXPECT_TRUE(tensor.bytes() == 0 || std::memcmp(other->data(), tensor.data(), tensor.bytes()) == 0) << name;
  }
  const std::string bytes = *read_file(folder / "a.safetensors");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  EXPECT_EQ(length % 8, 0u);
  ASSERT_TRUE(write_safetensors(folder / "b.safetensors", *read).ok());
  EXPECT_EQ(*read_file(folder / "b.safetensors"), bytes);
  EXPECT_EQ(folder.entries(), 2u);
}

TEST(Safetensors, AcceptsUnalignedDataAndAnyOrder) {
  const Folder folder;
  std::string data(7, '\0');
  data[0] = 3;
  const float value = 2.5f;
  std::memcpy(data.data() + 3, &value, 4);
  const std::string header = R"({"f":{"data_offsets":[3,7],"dtype":"F32","shape":[]},"i":{"dtype":"U8","shape":[3],)"
                             R"("data_offsets":[0,3]}}   )";
  write_bytes(folder / "x", safetensors_bytes(header, data));
  const auto file = read_safetensors(folder / "x");
  ASSERT_TRUE(file.ok()) << file.message();
  EXPECT_EQ(file->find("f")->number(0), 2.5);
  EXPECT_EQ(file->find("i")->number(0), 3);
}

// Each broken header, and a word its error must have. The data has 8 bytes.
struct Broken {
  const char* header;
  const char* word;
};
constexpr Broken kBroken[] = {
    {R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}})", "tensor `x`: `data_offsets` [0, 9] reach past"},
    {R"({"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", "tensor `x`: `data_offsets` [0, 8] span 8 bytes"},
    {R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", "tensor `x`: `data_offsets` [8, 0] run backwards"},
    {R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "4 bytes at the end"},
    {R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "tensor `x`: 4 bytes in front"},
    {R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}})",
     "tensor `y`: overlaps tensor `x`"},
    {R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}})",
     "`x` is there twice"},
    {R"({"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "`dtype` is there twice"},
    {R"({"x":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}})", "tensor `x`: unknown dtype `F31`"},
    {R"({"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", "tensor `x`: its shape has the number -2"},
    {R"({"x":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})", "tensor `x`: its shape has the number 2.0"},
    {R"({"x":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8]}})", "18446744073709551615"},
    {R"({"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}})", "overflows"},
    {R"({"x":{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,8]}})", "overflows"},
    {R"({"x":{"dtype":"F32","shape":[99999999999999999999999999],"data_offsets":[0,8]}})", "9999999"},
    {R"({"x":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}})", "an array where an extent"},
    {R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0]}})", "two numbers"},
    {R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}})", "two numbers"},
    {R"({"x":{"dtype":"F32","shape":[2]}})", "tensor `x`: has no `data_offsets`"},
    {R"({"x":{"shape":[2],"data_offsets":[0,8]}})", "tensor `x`: has no `dtype`"},
    {R"({"x":{"dtype":4,"shape":[2],"data_offsets":[0,8]}})", "tensor `x`: `dtype` cannot be the number 4"},
    {R"({"x":{"dtype":"F32","shape":null,"data_offsets":[0,8]}})", "tensor `x`: `shape` cannot be null"},
    {R"({"x":7})", "`x` must be an object"},
    {R"({"__metadata__":{"a":{"b":1}}})", "`a` must be a string"},
    {R"({"__metadata__":{"a":"1","a":"2"}})", "`a` is there twice"},
    {R"([1])", "does not begin with"},
    {R"({"x":)", "not valid JSON"},
    {R"({} {})", "not valid JSON"},
    {"{\"\xff\":{}}", "not valid JSON"},
    {"", "does not begin with"},
};

TEST(Safetensors, SaysWhatIsWrong) {
  const Folder folder;
  const std::string path = folder / "broken";
  for (const Broken& broken : kBroken) {
    write_bytes(path, safetensors_bytes(broken.header, std::string(8, '\1')));
    const auto file = read_safetensors(path);
    ASSERT_FALSE(file.ok()) << broken.header;
    EXPECT_NE(file.message().find(broken.word), std::string::npos) << broken.header << "\n" << file.message();
    EXPECT_NE(file.message().find(path), std::string::npos);
  }
}

TEST(Safetensors, RefusesLyingLengthsAndStrangeFiles) {
  const Folder folder;
  const std::string path = folder / "x";
  constexpr std::uint64_t lengths[] = {std::uint64_t(1) << 63, ~std::uint64_t(0), ~std::uint64_t(0) - 7, 3};
  for (const std::uint64_t length : lengths) {
    write_bytes(path, std::string(reinterpret_cast<const char*>(&length), 8) + "{}");
    EXPECT_FALSE(read_safetensors(path).ok()) << length;
  }
  write_bytes(path, "1234567");
  EXPECT_NE(read_safetensors(path).message().find("too short"), std::string::npos);
  write_bytes(path, safetensors_bytes(std::string(1 << 20, '['), ""));
  EXPECT_FALSE(read_safetensors(path).ok());
  std::string bomb = "{\"x\":";
  for (int i = 0; i < 200000; ++i) bomb += "{\"a\":";
  write_bytes(path, safetensors_bytes(bomb, ""));
  EXPECT_FALSE(read_safetensors(path).ok());
  EXPECT_FALSE(read_safetensors(folder / "missing").ok());
  EXPECT_NE(read_safetensors(folder / ".").message().find("not a regular file"), std::string::npos);
  EXPECT_FALSE(read_safetensors("/dev/zero").ok());
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(read_safetensors(folder / "pipe").ok());
  write_bytes(path, safetensors_bytes("{}", ""));
  EXPECT_TRUE(read_safetensors(path).ok());
}

// Any bytes: an error or a file that can be written again, never a crash.
TEST(Safetensors, SurvivesMutations) {
  const Folder folder;
  const std::string path = folder / "mutant";
  ASSERT_TRUE(write_safetensors(path, sample_file()).ok());
  const std::string sound = *read_file(path);
  const unsigned seed = std::random_device()();
  RecordProperty("seed", static_cast<int>(seed));
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  int accepted = 0;
  for (int round = 0; round < 1500; ++round) {
    std::string bytes = sound;
    for (std::size_t edit = 0, edits = 1 + below(3); edit < edits && !bytes.empty(); ++edit) {
      const std::size_t at = below(2) == 0 ? below(bytes.size()) : below(std::min<std::size_t>(bytes.size(), 300));
      constexpr std::string_view interesting = "{}[]\",:0123456789-.e\\nul\0\x7f\xff";
      switch (below(5)) {
        case 0: bytes[at] = static_cast<char>(random()); break;
        case 1: bytes[at] = interesting[below(interesting.size())]; break;
        case 2: bytes.resize(at); break;
        case 3: bytes.insert(at, bytes.substr(below(bytes.size()), below(40))); break;
        default: bytes.erase(at, below(20)); break;
      }
    }
    write_bytes(path, bytes);
    const auto file = read_safetensors(path);
    if (file.ok()) {
      ++accepted;
      EXPECT_TRUE(write_safetensors(path, *file).ok()) << "seed " << seed << " round " << round;
      EXPECT_TRUE(read_safetensors(path).ok()) << "seed " << seed << " round " << round;
    } else {
      EXPECT_NE(file.message().find(path), std::string::npos) << "seed " << seed << " round " << round;
    }
  }
  EXPECT_GT(accepted, 0) << "seed " << seed;
  EXPECT_LT(accepted, 1500) << "seed " << seed;
}

TEST(Safetensors, LeavesTheOldFileWhenWritingFails) {
  const Folder folder;
  const std::string path = folder / "x";
  ASSERT_TRUE(write_safetensors(path, sample_file()).ok());
  const std::string before = *read_file(path);
  TensorFile bad = sample_file();
  bad.tensors.emplace("\xff", Tensor::zeros(DType::F32, {1}));
  EXPECT_NE(write_safetensors(path, bad).message().find("UTF-8"), std::string::npos);
  EXPECT_EQ(*read_file(path), before);
  EXPECT_FALSE(write_safetensors(folder / "no/such/folder", sample_file()).ok());
  EXPECT_FALSE(write_safetensors(folder / ".", sample_file()).ok());
  EXPECT_EQ(folder.entries(), 1u);
}

TEST(File, LeavesNothingWhenTheDiskIsFull) {
  const Folder folder;
  ASSERT_TRUE(write_file(folder / "x", "old").ok());
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status status = write_file(folder / "x", std::string(5000, 'n'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(*read_file(folder / "x"), "old");
  EXPECT_EQ(folder.entries(), 1u);
}

TEST(File, MakesWhatALinkLeadsTo) {
  const Folder folder;
  ASSERT_EQ(::symlink("sub/target", (folder / "link").c_str()), 0);
  EXPECT_FALSE(check_writable(folder / "link").ok());
  ASSERT_EQ(::mkdir((folder / "sub").c_str(), 0777), 0);
  EXPECT_TRUE(check_writable(folder / "link").ok());
  ASSERT_TRUE(write_file(folder / "link", "new").ok());
  EXPECT_EQ(*read_file(folder / "sub/target"), "new");
  EXPECT_FALSE(write_file("", "x").ok());
  ASSERT_EQ(::symlink("round", (folder / "round").c_str()), 0);
  EXPECT_FALSE(write_file(folder / "round", "x").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "round"));
  EXPECT_FALSE(check_writable(folder / std::string(300, 'n')).ok());
}

// What a descriptor has open is written behind what stands there, not replaced.
TEST(File, WritesToTheProcesssOwnDescriptors) {
  const Folder folder;
  const int descriptor = ::open((folder / "log").c_str(), O_CREAT | O_WRONLY, 0666);
  ASSERT_GE(descriptor, 0);
  ASSERT_EQ(::write(descriptor, "before ", 7), 7);
  const std::string name = "/dev/fd/" + std::to_string(descriptor);
  EXPECT_TRUE(is_stream(name));
  ASSERT_EQ(::symlink(("/proc/self/../self/fd/" + std::to_string(descriptor)).c_str(), (folder / "link").c_str()), 0);
  EXPECT_TRUE(write_file(folder / "link", "text").ok());
  EXPECT_FALSE(check_writable("/dev/fd/999").ok());
  ASSERT_EQ(::write(descriptor, " after", 6), 6);
  ::close(descriptor);
  EXPECT_EQ(*read_file(folder / "log"), "before text after");
}

TEST(File, FollowsLinksKeepsModesAndWritesToDevices) {
  const Folder folder;
  ASSERT_TRUE(write_file(folder / "x", "old").ok());
  ASSERT_EQ(::chmod((folder / "x").c_str(), 0640), 0);
  std::filesystem::create_symlink("x", folder / "link");
  ASSERT_TRUE(write_file(folder / "link", "new").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(*read_file(folder / "x"), "new");
  struct stat info {};
  ASSERT_EQ(::stat((folder / "x").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
  EXPECT_TRUE(write_file("/dev/null", "gone").ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

// The published test vectors of the Random123 distribution.
TEST(Random, IsThreefry) {
  using Pair = std::array<std::uint64_t, 2>;
  EXPECT_EQ(threefry({0, 0}, {0, 0}), (Pair{0xc2b6e3a8c2c69865u, 0x6f81ed42f350084du}));
  EXPECT_EQ(threefry({~0ull, ~0ull}, {~0ull, ~0ull}), (Pair{0xe02cb7c4d95d277au, 0xd06633d0893b8b68u}));
  EXPECT_EQ(threefry({0x243f6a8885a308d3u, 0x13198a2e03707344u}, {0xa4093822299f31d0u, 0x082efa98ec4e6c89u}),
            (Pair{0x263c7d30bb0f0af1u, 0x56be8361d3311526u}));
}

TEST(Random, HasTheRightMoments) {
  const RandomStream random(5, "x");
  double mean = 0, square = 0, normal_mean = 0, normal_square = 0;
  constexpr int n = 20000;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform(static_cast<std::uint64_t>(i)), z = random.normal(static_cast<std::uint64_t>(i));
    ASSERT_TRUE(u >= 0 && u < 1);
    mean += u / n, square += u * u / n, normal_mean += z / n, normal_square += z * z / n;
  }
  EXPECT_NEAR(mean, 0.5, 0.01);
  EXPECT_NEAR(square, 1.0 / 3, 0.01);
  EXPECT_NEAR(normal_mean, 0, 0.03);
  EXPECT_NEAR(normal_square, 1, 0.05);
}

rnnc_tensor parameter(const char* name, std::vector<std::int64_t> extents, int initializer, double low, double high) {
  rnnc_tensor tensor{};
  tensor.name = name;
  tensor.rank = static_cast<std::int32_t>(extents.size());
  std::copy(extents.begin(), extents.end(), tensor.extents);
  tensor.initializer = initializer;
  tensor.low = low;
  tensor.high = high;
  return tensor;
}

TEST(Initialize, OrthogonalIsOrthogonal) {
  for (const auto& [rows, columns] : {std::pair<int, int>{7, 7}, {4, 9}, {9, 4}, {1, 3}}) {
    const auto w = initial_values(parameter("U", {2, rows, columns}, RNNC_INIT_ORTHOGONAL, 1.5, 0), 3);
    const int count = std::min(rows, columns);
    for (int slice = 0; slice < 2; ++slice) {
      const auto at = [&](int vector, int k) {
        const int i = rows <= columns ? vector * columns + k : k * columns + vector;
        return w[static_cast<std::size_t>(slice * rows * columns + i)];
      };
      for (int a = 0; a < count; ++a) {
        for (int b = 0; b < count; ++b) {
          double sum = 0;
          for (int k = 0; k < std::max(rows, columns); ++k) sum += at(a, k) * at(b, k);
          EXPECT_NEAR(sum, a == b ? 2.25 : 0, 1e-13);
        }
      }
    }
    EXPECT_NE(w[0], w[static_cast<std::size_t>(rows * columns)]);
  }
}

TEST(Initialize, KeepsToItsBounds) {
  const auto glorot = initial_values(parameter("W", {30, 20}, RNNC_INIT_GLOROT, 0, 0), 1);
  const double bound = std::sqrt(6.0 / 50);
  const auto [low, high] = std::minmax_element(glorot.begin(), glorot.end());
  EXPECT_GE(*low, -bound);
  EXPECT_LE(*high, bound);
  EXPECT_GT(*high - *low, 1.9 * bound);
  EXPECT_NE(initial_values(parameter("W", {30, 20}, RNNC_INIT_GLOROT, 0, 0), 2), glorot);
  EXPECT_NE(initial_values(parameter("V", {30, 20}, RNNC_INIT_GLOROT, 0, 0), 1), glorot);
  for (const double v : initial_values(parameter("u", {50}, RNNC_INIT_UNIFORM, 2, 3), 1)) EXPECT_TRUE(v >= 2 && v < 3);
  EXPECT_EQ(initial_values(parameter("b", {2}, RNNC_INIT_CONSTANT, 0.5, 0), 1), (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(initial_values(parameter("I", {2, 3}, RNNC_INIT_IDENTITY, 2, 0), 1),
            (std::vector<double>{2, 0, 0, 0, 2, 0}));
  EXPECT_EQ(initial_values(parameter("s", {}, RNNC_INIT_GLOROT, 0, 0), 1).size(), 1u);
}

TEST(ThreadPool, CoversEveryIndexOnceAndReturnsAfterAll) {
  for (const int threads : {1, 2, 3, 5}) {
    ThreadPool pool(threads);
    for (const std::int64_t extent : {0, 1, 2, 3, 7, 100}) {
      for (int repeat = 0; repeat < 200; ++repeat) {
        std::vector<int> hits(static_cast<std::size_t>(extent), 0);
        const auto body = [](void* context, std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) ++static_cast<int*>(context)[i];
        };
        ThreadPool::parallel_for(&pool, extent, body, hits.data());
        ASSERT_TRUE(std::all_of(hits.begin(), hits.end(), [](int n) { return n == 1; })) << threads << " " << extent;
      }
    }
  }
}

#if defined(__x86_64__)
// Whoever takes a piece, it rounds as the caller does, then and later.
TEST(ThreadPool, ComputesAsItsCallerDoes) {
  ThreadPool pool(4);
  const auto body = [](void* context, std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      for (int wait = 0; wait < 50000; ++wait) asm volatile("");  // long enough to be shared
      volatile float small = 1e-30f;
      static_cast<float*>(context)[i] = small * 1e-10f;
    }
  };
  const unsigned usual = __builtin_ia32_stmxcsr();
  for (int turn = 0; turn < 20; ++turn) {
    const bool flushes = turn % 2 == 1;
    __builtin_ia32_ldmxcsr(flushes ? usual | 0x8040 : usual);
    std::vector<float> numbers(64, -1);
    pool.run(64, body, numbers.data());
    __builtin_ia32_ldmxcsr(usual);
    for (const float number : numbers) EXPECT_EQ(number == 0, flushes);
  }
}
#endif

TEST(ThreadPool, RunsNestedAndConcurrentLoops) {
  ThreadPool pool(3);
  struct Context {
    ThreadPool* pool;
    std::atomic<int> sum{0};
  };
  const auto inner = [](void* c, std::int64_t begin, std::int64_t end) {
    static_cast<Context*>(c)->sum += static_cast<int>(end - begin);
  };
  static rnnc_parallel_body inner_body;
  inner_body = inner;
  const auto outer = [](void* c, std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) static_cast<Context*>(c)->pool->run(10, inner_body, c);
  };
  Context a{&pool}, b{&pool};
  std::thread other([&] { for (int i = 0; i < 300; ++i) pool.run(7, outer, &b); });
  for (int i = 0; i < 300; ++i) pool.run(7, outer, &a);
  other.join();
  EXPECT_EQ(a.sum, 300 * 70);
  EXPECT_EQ(b.sum, 300 * 70);
}

using ModelRun = Run;  // testing::Test has a Run of its own

class ModelTest : public testing::Test {
 protected:
  void SetUp() override {
    auto created = Model::create(rnn.model());
    ASSERT_TRUE(created.ok()) << created.message();
    model = std::move(created).value();
    model->initialize(11);
    ASSERT_TRUE(model->pack().ok());
  }
  ModelRun make_run(RunMode mode, std::int64_t steps, std::int64_t rows) {
    RunShape shape;
    shape.steps[0] = steps;
    shape.rows = rows;
    auto run = ModelRun::create(*model, shape, mode);
    EXPECT_TRUE(run.ok());
    return std::move(run).value();
  }
  static void fill(ModelRun& run, std::int64_t first, std::int64_t steps, std::int64_t rows) {
    for (std::int64_t t = 0; t < steps; ++t) {
      for (std::int64_t b = 0; b < rows; ++b) {
        run.index_input(0)[t * rows + b] = static_cast<std::int32_t>((3 * (first + t) + 5 * b + (first + t) * b) % 6);
        run.index_input(1)[t * rows + b] = static_cast<std::int32_t>((2 * (first + t) + b) % 6);
      }
    }
  }
  tiny::TinyRnn<double> rnn{6, 5};
  std::unique_ptr<Model> model;
};

TEST_F(ModelTest, SetsGetsSavesAndLoadsParameters) {
  const Tensor value = Tensor::of({6}, std::vector<float>{1, 2, 3, 4, 5, 6});
  ASSERT_TRUE(model->set_parameter("c", value).ok());
  EXPECT_FALSE(model->is_packed());
  EXPECT_EQ(model->parameter("c")->to_floats(), value.to_floats());
  EXPECT_FALSE(model->set_parameter("c", Tensor::zeros(DType::F32, {5})).ok());
  EXPECT_FALSE(model->set_parameter("c", Tensor::zeros(DType::I32, {6})).ok());
  EXPECT_FALSE(model->set_parameter("d", value).ok());
  TensorFile file = model->parameter_file();
  EXPECT_EQ(file.tensors.size(), 5u);
  model->initialize(12);
  ASSERT_TRUE(model->load(file).ok());
  EXPECT_EQ(model->parameter("E")->to_doubles(), file.find("E")->to_doubles());

  file.tensors.erase("b");
  file.tensors.at("U") = Tensor::zeros(DType::F64, {5, 6});
  file.tensors.emplace("stray", Tensor::zeros(DType::F64, {1}));
  file.tensors.emplace("@state/h", Tensor::zeros(DType::F64, {1}));
  const std::string message = model->load(file).message();
  for (const char* part : {"`b` is missing", "`U` must be [5, 5], is [5, 6]", "no parameter `stray`"}) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  }
  EXPECT_EQ(message.find("@state"), std::string::npos);
}

TEST_F(ModelTest, ChunksWithCarriedStateEqualOneRun) {
  ModelRun whole = make_run(RunMode::inference, 8, 3);
  fill(whole, 0, 8, 3);
  ASSERT_TRUE(whole.forward().ok());
  ModelRun chunk = make_run(RunMode::inference, 4, 3);
  for (int part = 0; part < 2; ++part) {
    fill(chunk, 4 * part, 4, 3);
    EXPECT_EQ(chunk.first_step(), 4 * part);
    ASSERT_TRUE(chunk.forward().ok());
    const auto* all = static_cast<const double*>(whole.output(0)) + part * 4 * 3 * 6;
    const auto* some = static_cast<const double*>(chunk.output(0));
    for (int i = 0; i < 4 * 3 * 6; ++i) EXPECT_EQ(all[i], some[i]);
    chunk.advance();
  }
  ModelRun step = make_run(RunMode::step, 0, 3);
  for (int t = 0; t < 8; ++t) {
    for (int b = 0; b < 3; ++b) step.index_input(0)[b] = whole.index_input(0)[t * 3 + b];
    ASSERT_TRUE(step.step().ok());
    const auto* all = static_cast<const double*>(whole.output(0)) + t * 3 * 6;
    for (int i = 0; i < 3 * 6; ++i) EXPECT_EQ(all[i], static_cast<const double*>(step.output(0))[i]);
    step.advance();
  }
  const auto states = step.states();
  ASSERT_EQ(states.size(), 1u);
  EXPECT_EQ(states[0].second.to_doubles(), chunk.states()[0].second.to_doubles());
  step.restart();
  EXPECT_TRUE(step.states().empty());
  ASSERT_TRUE(step.set_states(states, 8).ok());
  EXPECT_EQ(step.first_step(), 8);
  EXPECT_FALSE(step.set_states({{"h", Tensor::zeros(DType::F64, {2, 5})}}, 0).ok());
  EXPECT_FALSE(step.set_states({{"g", Tensor::zeros(DType::F64, {3, 5})}}, 0).ok());
}

// The call points to the Run's own arrays.
static_assert(!std::is_copy_constructible_v<Run> && !std::is_copy_assignable_v<Run> && std::is_move_constructible_v<Run>);

TEST_F(ModelTest, GradientsAgreeWithFiniteDifferences) {
  ModelRun run = make_run(RunMode::training, 4, 2);
  fill(run, 0, 4, 2);
  run.advance();  // starts from a state that is not the declared one
  Tensor state = Tensor::of({2, 5}, std::vector<double>{.3, -.2, .5, .1, -.6, .2, .4, -.1, .7, -.3});
  ASSERT_TRUE(run.set_states({{"h", state}}, 0).ok());
  ASSERT_TRUE(run.forward_train().ok());
  ASSERT_TRUE(run.backward().ok());
  const auto* gradient = static_cast<const double*>(run.parameter_gradients());
  const std::vector<double> derived(gradient, gradient + model->parameter_elements());
  for (int i = 0; i < rnn.model().parameter_count; ++i) {
    const rnnc_tensor& p = rnn.model().parameters[i];
    const std::int64_t size = p.extents[0] * (p.rank > 1 ? p.extents[1] : 1);
    for (std::int64_t k = p.offset; k < p.offset + size; ++k) {
      double loss[2];
      for (const int side : {0, 1}) {
        auto* values = static_cast<double*>(model->mutable_parameters());
        const double kept = values[k];
        values[k] += side == 0 ? -1e-5 : 1e-5;
        ASSERT_TRUE(model->pack().ok());
        ASSERT_TRUE(run.forward().ok());
        loss[side] = run.loss();
        values[k] = kept;
      }
      EXPECT_NEAR(derived[static_cast<std::size_t>(k)], (loss[1] - loss[0]) / 2e-5, 1e-9) << p.name;
    }
  }
}

TEST_F(ModelTest, NamesTheTensorThatIsWrong) {
  ModelRun run = make_run(RunMode::training, 3, 2);
  fill(run, 0, 3, 2);
  const auto expect = [&](const char* part) {
    const Status status = run.forward_train();
    EXPECT_FALSE(status.ok()) << part;
    EXPECT_NE(status.message().find(part), std::string::npos) << status.message();
  };
  run.index_input(0)[3] = 6;
  expect("input `token`: the index 6 at step 1, row 1 is outside [0, 6)");
  const std::int32_t lengths[] = {3, 1};
  run.call().lengths[0] = lengths;
  EXPECT_TRUE(run.forward_train().ok());
  run.index_input(0)[3] = 5;
  const std::int32_t too_long[] = {3, 4};
  run.call().lengths[0] = too_long;
  expect("the length of row 1 on axis `t` is 4, must be in [0, 3]");
  run.call().lengths[0] = nullptr;
  const void* inputs[] = {run.input(0), nullptr};
  const auto* kept = run.call().inputs;
  run.call().inputs = inputs;
  expect("input `next` is missing: the loss needs it");
  run.want_loss(false);
  EXPECT_TRUE(run.forward().ok());
  expect("input `next` is missing: the loss needs it");  // backward will read it
  run.want_loss(true);
  run.call().inputs = kept;
  void* tape = run.call().tape;
  run.call().tape = static_cast<char*>(tape) + 8;
  expect("tape is not aligned");
  run.call().tape = tape;
  run.call().rows = std::int64_t(1) << 61;
  expect("overflows");
  run.call().rows = 0;
  expect("number of rows");
  run.call().rows = 2;
  model->mutable_parameters();
  expect("pack them first");
}

TEST_F(ModelTest, KeepsItsMemoryBudget) {
  RunShape shape;
  shape.steps[0] = 7;
  shape.rows = 3;
  rnnc_call call{};
  call.struct_size = sizeof call;
  call.steps[0] = 7;
  call.rows = 3;
  rnnc_sizes sizes{};
  ASSERT_EQ(rnn.model().sizes(&rnn.model(), &call, &sizes), RNNC_OK);
  ASSERT_GT(sizes.tape_bytes, 0);
  shape.memory_budget = std::max(sizes.inference_workspace_bytes, sizes.training_workspace_bytes) + sizes.tape_bytes;
  EXPECT_TRUE(ModelRun::create(*model, shape, RunMode::training).ok());
  --shape.memory_budget;
  const auto refused = ModelRun::create(*model, shape, RunMode::training);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find(std::to_string(sizes.tape_bytes) + " bytes of tape"), std::string::npos);
  EXPECT_TRUE(ModelRun::create(*model, shape, RunMode::inference).ok());
  ModelRun run = make_run(RunMode::inference, 7, 3);
  run.call().memory_budget = 1;
  if (sizes.inference_workspace_bytes > 1) {
    EXPECT_NE(run.forward().message().find("memory budget is 1 bytes"), std::string::npos);
  }
}

TEST_F(ModelTest, RefusesWhatCannotBe) {
  rnn.mutable_model().abi_version = 9;
  EXPECT_NE(Model::create(rnn.model()).message().find("version 9"), std::string::npos);
  rnn.mutable_model().abi_version = RNNC_ABI_VERSION;
  RunShape shape;
  shape.steps[0] = std::int64_t(1) << 40;
  shape.rows = std::int64_t(1) << 20;
  EXPECT_FALSE(ModelRun::create(*model, shape, RunMode::training).ok());
  shape.rows = 0;
  EXPECT_FALSE(ModelRun::create(*model, shape, RunMode::training).ok());
  rnn.mutable_model().step = nullptr;
  ModelRun run = make_run(RunMode::step, 0, 1);
  EXPECT_NE(run.step().message().find("no such function"), std::string::npos);
  EXPECT_FALSE(run.forward().ok());
}

}  // namespace
}  // namespace rnnc::runtime
