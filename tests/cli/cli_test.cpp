// The rnnc program as a user meets it: exit codes, files, streams.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "runtime/file.h"
#include "runtime/safetensors.h"

namespace rnnc {
namespace {

namespace fs = std::filesystem;
using runtime::Tensor;
using runtime::TensorFile;

const std::string examples = std::string(RNNC_SOURCE_DIR) + "/examples/";

std::string read_all(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

struct Outcome {
  int code = -1;
  std::string out, err;
};

class Cli : public ::testing::Test {
 protected:
  Cli() : folder_(fs::temp_directory_path() / ("rnnc_cli_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~Cli() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return path(name);
  }

  // `rnnc WORDS`, by the shell, after what `before` does to it; redirections in `words` come after ours.
  Outcome rnnc(const std::string& words, const std::string& before = "") const {
    const std::string command =
        before + "'" RNNC_PROGRAM "' < /dev/null > '" + path(".out") + "' 2> '" + path(".err") + "' " + words;
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_all(path(".out")), read_all(path(".err"))};
  }
  void expect_refusal(const std::string& words, int code, const std::string& mentions) const {
    const Outcome outcome = rnnc(words);
    EXPECT_EQ(outcome.code, code) << words << "\n" << outcome.err;
    EXPECT_NE(outcome.err.find(mentions), std::string::npos) << words << "\n" << outcome.err;
  }
  std::vector<std::string> left_behind() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

  fs::path folder_;
};

const std::string cumulative = "model Sum {\n  input x : [2]\n  state s : [2]\n  s = s[t-1] + x\n  output s\n}\n";

TEST_F(Cli, VersionAndHelp) {
  EXPECT_EQ(rnnc("--version").out, "rnnc " RNNC_VERSION "\n");
  for (const char* command : {"", "check ", "fmt ", "eval ", "gradcheck ", "bench ", "train ", "sample "}) {
    const Outcome help = rnnc(command + std::string("--help"));
    EXPECT_EQ(help.code, 0);
    EXPECT_NE(help.out.find("Example"), std::string::npos) << command;
  }
}

TEST_F(Cli, WrongUsage) {
  for (const char* words : {"", "--nonsense", "eval", "eval m.rnn", "m.rnn --emit=nothing", "m.rnn",
                            "m.rnn -D H --emit=ast", "m.rnn -D H=x --emit=ast", "m.rnn -D H=1 -D H=2 --emit=ast",
                            "m.rnn --target=mmx --emit=ast", "m.rnn --dtype=f16 --emit=ast", "bench m.rnn --mode=fly",
                            "bench m.rnn --batch 0", "m.rnn --dump-after=nothing", "m.rnn -o m.h", "train m.rnn"}) {
    expect_refusal(words, 2, "--help");
  }
}

TEST_F(Cli, EveryStageOfEveryKind) {
  for (const char* stage : {"ast", "equations", "gradient", "schedule", "loops", "cpp", "llvm", "asm"}) {
    const Outcome outcome = rnnc(examples + "cells/lstm.rnn -D I=3 -D H=5 --emit=" + stage);
    EXPECT_EQ(outcome.code, 0) << stage << outcome.err;
    EXPECT_GT(outcome.out.size(), 100u) << stage;
    EXPECT_EQ(outcome.err, "") << stage;
  }
  for (const char* target : {"sse2", "avx2", "avx512", "native"})
    for (const char* dtype : {"f32", "f64"})
      EXPECT_EQ(rnnc(examples + "cells/lstm.rnn -D I=3 -D H=5 --emit=asm --target=" + target + " --dtype " + dtype).code, 0);
}

TEST_F(Cli, WritesSourceAndHeader) {
  const Outcome outcome = rnnc(examples + "cells/lstm.rnn -DI=3 -DH=5 -o " + path("cell.cpp"));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(read_all(path("cell.cpp")).find("#include \"cell.h\""), std::string::npos);
  EXPECT_NE(read_all(path("cell.h")).find("rnnc_model"), std::string::npos);
}

TEST_F(Cli, OutputsThatWouldReplaceInputs) {
  const std::string model = write("sum.rnn", cumulative);
  fs::create_symlink(model, path("link"));
  expect_refusal(model + " -o " + model, 1, "would be replaced");
  expect_refusal(model + " -o " + path("link"), 1, "would be replaced");
  expect_refusal("eval " + model + " --in " + path("none") + " --out " + model, 1, "would be replaced");
  expect_refusal("train " + model + " --data " + path("none") + " --out " + path("no/place"), 1, "there is no folder");
  EXPECT_EQ(read_all(model), cumulative);
  write("mine.h", "int mine;\n");
  expect_refusal(model + " -o " + path("mine.cpp"), 1, "was not made by rnnc");
  EXPECT_EQ(read_all(path("mine.h")), "int mine;\n");
  EXPECT_FALSE(fs::exists(path("mine.cpp")));
  EXPECT_EQ(rnnc(model + " -o " + path("sum.cpp")).code, 0);
  EXPECT_EQ(rnnc(model + " --dtype f64 -o " + path("sum.cpp")).code, 0);
}

TEST_F(Cli, NamesOfFilesDoNothingToATerminal) {
  const std::string name = write("e\x1b[31mvil.rnn", "cell C { input x; y = q }\n");
  for (const std::string& words : std::vector<std::string> {"check '" + name + "'", "'" + name + "' --emit=gradient", "fmt '" + name + "x'",
                                  "check '" + name + "x'", "'" + name + "x' --emit=ast", "'" + name + "' '" + name + "'"}) {
    const Outcome outcome = rnnc(words);
    EXPECT_NE(outcome.code, 0) << words;
    EXPECT_NE((outcome.out + outcome.err).find("vil.rnn"), std::string::npos) << words;
    EXPECT_EQ((outcome.out + outcome.err).find('\x1b'), std::string::npos) << words;
  }
}

TEST_F(Cli, ImportsThatLeaveTheFolderByALink) {
  fs::create_directories(path("inner"));
  write("secret.rnn", "SECRET root line");
  write("constant.rnn", "const k = 3\n");
  fs::create_symlink("../secret.rnn", path("inner/secret.rnn"));
  fs::create_symlink("..", path("inner/up"));
  ASSERT_EQ(::mkfifo(path("inner/pipe.rnn").c_str(), 0600), 0);
  for (const char* import : {"secret.rnn", "up/secret.rnn", "pipe.rnn", "\033[31m.rnn"}) {
    const std::string model = write("inner/m.rnn", "import \"" + std::string(import) + "\"\n" + cumulative);
    const Outcome outcome = rnnc("check " + model);
    EXPECT_EQ(outcome.code, 1) << import;
    EXPECT_NE(outcome.out.find("error[E01"), std::string::npos) << outcome.out;
    EXPECT_EQ(outcome.out.find("SECRET"), std::string::npos) << outcome.out;
    EXPECT_EQ(outcome.out.find('\033'), std::string::npos) << outcome.out;
  }
  const std::string trusted = write("inner/m.rnn", "import \"up/constant.rnn\"\n" + cumulative);
  EXPECT_EQ(rnnc("check --imports-anywhere " + trusted).code, 0);
}

// Each file is read once, by whatever links it is reached.
TEST_F(Cli, ImportsThroughLinksOfTheirOwnFolder) {
  fs::create_directory_symlink(".", path("a"));
  fs::create_directory_symlink(".", path("b"));
  write("l.rnn", "import \"a/l.rnn\"\nimport \"b/l.rnn\"\nconst k = 3\n");
  const Outcome circle = rnnc("check " + write("m.rnn", "import \"a/l.rnn\"\n" + cumulative));
  EXPECT_EQ(circle.code, 1);
  EXPECT_NE(circle.out.find("import each other in a circle"), std::string::npos) << circle.out;
  write("k.rnn", "const k = 3\n");
  const std::string twice = "import \"a/k.rnn\"\nimport \"b/k.rnn\"\ncell C { input x\n state h\n h = x + k * h[t-1] }\n";
  const Outcome same = rnnc("check " + write("n.rnn", twice));
  EXPECT_EQ(same.code, 0) << same.out;
  const Outcome cut = rnnc("check " + write("o.rnn", "import \"k.rnn" + std::string(1, '\0') + "z\"\n" + cumulative));
  EXPECT_NE(cut.out.find("error[E01"), std::string::npos) << cut.out;
  const Outcome shown = rnnc(write("p.rnn", "import \"\033[31m\xe2\x80\xae.rnn\"\n" + cumulative) + " --emit=ast");
  EXPECT_EQ(shown.out.find('\033'), std::string::npos) << shown.out;
  EXPECT_EQ(shown.out.find("\xe2\x80\xae"), std::string::npos) << shown.out;
}

// What an output is made from stays, imported or not; so does the older pair where the new one cannot be written.
TEST_F(Cli, FilesAreReplacedWholeOrNotAtAll) {
  const std::string library = write("library.rnn", "const k = 3\n");
  const std::string model = write("m.rnn", "import \"library.rnn\"\ncell Net(H = 4) { input x : [H]; state h : [H]; h = tanh(k * h[t-1] + x) }\n");
  expect_refusal(model + " -o " + library, 1, "would be replaced");
  EXPECT_EQ(read_all(library), "const k = 3\n");
  ASSERT_EQ(rnnc(model + " -o " + path("net.cpp")).code, 0);
  const std::string header = read_all(path("net.h")), source = read_all(path("net.cpp"));
  const Outcome full = rnnc(model + " -D H=8 -o " + path("net.cpp"), "ulimit -f 20; ");  // the header would fit
  EXPECT_EQ(full.code, 1);
  EXPECT_NE(full.err.find("cannot write"), std::string::npos) << full.err;
  EXPECT_EQ(read_all(path("net.h")), header);
  EXPECT_EQ(read_all(path("net.cpp")), source);
  for (const std::string& name : left_behind()) EXPECT_EQ(name.find(".tmp"), std::string::npos) << name;
  EXPECT_NE(rnnc(model + " -o '" + path("q\".cpp") + "'").err.find("no #include can name its header"), std::string::npos);
}

// Numbers of any size end in a result or a sentence.
TEST_F(Cli, NumbersThatAreTooLarge) {
  const std::string sum = write("sum.rnn", cumulative);
  for (const char* words : {"--steps 9223372036854775807", "--steps 4611686018427387904", "--steps 1152921504606846975",
                            "--batch 4611686018427387904", "--batch 1152921504606846976 --lengths --steps 1", "--steps 0 --batch 4611686018427387904"})
    expect_refusal("gradcheck " + sum + " " + words, 1, "at most");
  EXPECT_EQ(rnnc("gradcheck " + sum + " --steps 0 --lengths").code, 0);
  for (const char* seed : {"''", "0x10", "-1", "18446744073709551616", "1e3"})
    expect_refusal("gradcheck " + sum + " --seed " + seed, 2, "--seed");
  EXPECT_EQ(rnnc("gradcheck " + sum + " --seed 18446744073709551615").code, 0);
  EXPECT_LT(rnnc("bench " + sum + " --mode train --memory-budget -1").err.size(), 200u);
  const std::string zeros(400, '0');
  EXPECT_EQ(rnnc("check " + write("small.rnn", "model M { input x\n output y = x + 0." + zeros + "1 }\n")).code, 0);
  EXPECT_NE(rnnc("check " + write("large.rnn", "model M { input x\n output y = x + 1" + zeros + " }\n")).out.find("E0005"),
            std::string::npos);
}

TEST_F(Cli, ChecksLongFilesQuickly) {
  std::string cells, unknown = "cell C(H = 4) {\n input x : [H]\n", unused = "cell C(H = 4) {\n";
  for (int i = 0; i < 4000; ++i) {
    const std::string n = std::to_string(i);
    cells += "cell C" + n + "(H = 4) { input x : [H]; state h : [H]; h = h[t-1] * x }\n";
    unknown += " a" + n + " = zz" + n + " + x\n";
    unused += " input x" + n + " : [H]\n";
  }
  unknown += " state h : [H]\n h = h[t-1] * x\n}\n";
  unused += " state h : [H]\n h = h[t-1] * x1\n}\n";
  for (const std::string* text : {&cells, &unknown, &unused}) {
    const auto start = std::chrono::steady_clock::now();
    const Outcome outcome = rnnc("check " + write("long.rnn", *text));
    EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 20) << text->substr(0, 200);
    EXPECT_EQ(outcome.code, text == &unknown ? 1 : 0) << outcome.err.substr(0, 500);
    if (text == &unknown) {
      EXPECT_NE(outcome.out.find("error[E0011]"), std::string::npos);
    }
  }
}

TEST_F(Cli, StandardInputAndDumps) {
  write("sum.rnn", cumulative);
  const Outcome outcome = rnnc("- --emit=equations --time-passes < " + path("sum.rnn"));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("s[t-1]"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.err.find("elaborate"), std::string::npos);
  const Outcome dumps = rnnc("- --dump-after=all < " + path("sum.rnn"));
  EXPECT_NE(dumps.out.find("# after lower"), std::string::npos);
}

TEST_F(Cli, ChecksEveryUnitOfSeveralFiles) {
  const std::string good = write("good.rnn", cumulative);
  const std::string bad = write("bad.rnn", "import \"cell.rnn\"\nmodel M(H = 2) { input x : [H]; output y = Y(H)(x) }\n");
  write("cell.rnn", "cell Y(H) { input x : [H]; output y = z }\ncell Z(I, H) { input x : [I]; output y = x + [x, x] }\n");
  EXPECT_EQ(rnnc("check " + good).code, 0);
  EXPECT_EQ(rnnc("check " + good).out, "");
  const Outcome outcome = rnnc("check " + good + " " + path("none.rnn") + " " + path("cell.rnn") + " " + bad);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "");
  EXPECT_NE(outcome.out.find("none.rnn: error: cannot be read"), std::string::npos) << outcome.out;
  const std::size_t first = outcome.out.find("cell.rnn:1:39: error[E0101]");
  EXPECT_NE(first, std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("cell.rnn:1:39: error[E0101]", first + 1), std::string::npos) << "said twice";
  EXPECT_NE(outcome.out.find("cell.rnn:2:46: error[E0201]"), std::string::npos) << outcome.out;
  EXPECT_EQ(rnnc("check --entry Y " + good).code, 1);
  EXPECT_EQ(rnnc("check -D Q=3 " + good).code, 1);
  EXPECT_EQ(left_behind(), (std::vector<std::string>{".err", ".out", "bad.rnn", "cell.rnn", "good.rnn"}));
}

TEST_F(Cli, FormatsInPlaceAndChecks) {
  const std::string canonical = write("a.rnn", cumulative), messy = write("b.rnn", "model   M{input x:[2]\noutput x}\n"),
                    broken = write("c.rnn", "model M{ input x:[2]\n output = }\n");
  const std::string all = canonical + " " + messy + " " + broken;
  EXPECT_EQ(rnnc("fmt --check " + canonical).code, 0);
  const Outcome checked = rnnc("fmt --check " + all);
  EXPECT_EQ(checked.code, 1);
  EXPECT_EQ(checked.out, messy + "\n");
  EXPECT_EQ(read_all(messy), "model   M{input x:[2]\noutput x}\n");
  const Outcome done = rnnc("fmt " + all);
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("error[E0009]"), std::string::npos) << done.err;
  EXPECT_EQ(read_all(canonical), cumulative);
  EXPECT_EQ(read_all(messy), "model M {\n  input x : [2]\n  output x\n}\n");
  EXPECT_EQ(read_all(broken), "model M{ input x:[2]\n output = }\n");
  EXPECT_EQ(rnnc("fmt --check " + messy).code, 0);
  EXPECT_EQ(rnnc("fmt - < " + messy).out, read_all(messy));
  EXPECT_EQ(rnnc("fmt " + path("none.rnn")).code, 1);
  EXPECT_EQ(left_behind(), (std::vector<std::string>{".err", ".out", "a.rnn", "b.rnn", "c.rnn"}));
}

TEST_F(Cli, DiagnosticsAsJson) {
  const std::string bad = write("bad.rnn", "# é\nmodel M(H = 2) {\n  input x : [H]; output y = é z\n}\n");
  for (const char* words : {"check ", "--emit=equations "}) {
    const Outcome outcome = rnnc(words + bad + " --diagnostics=json");
    EXPECT_EQ(outcome.code, 1);
    const auto json = nlohmann::json::parse(words[0] == 'c' ? outcome.out : outcome.err);
    EXPECT_EQ(json["version"], 1);
    const auto& first = json["diagnostics"].at(0);
    EXPECT_EQ(first["file"], bad);
    EXPECT_EQ(first["severity"], "error");
    EXPECT_EQ(first["code"], "E0003");
    EXPECT_EQ(first["range"]["start"]["line"], 3);
    EXPECT_EQ(first["labels"][0]["range"], first["range"]);
    EXPECT_EQ(first["range"]["start"]["column"], 29);
    EXPECT_EQ(first["range"]["end"]["column"], 30);
    EXPECT_EQ(first["range"]["start"]["offset"].get<int>() + 2, first["range"]["end"]["offset"].get<int>());
  }
  const auto clean = nlohmann::json::parse(rnnc("check --diagnostics=json " + write("good.rnn", cumulative)).out);
  EXPECT_EQ(clean["diagnostics"].size(), 0u);
  const auto unread = nlohmann::json::parse(rnnc("none.rnn --emit=ast --diagnostics=json").err);
  EXPECT_TRUE(unread["diagnostics"].at(0)["code"].is_null());
  expect_refusal("check " + bad + " --diagnostics=xml", 2, "--help");
}

TEST_F(Cli, SourceMistakes) {
  expect_refusal(path("nowhere.rnn") + " --emit=ast", 1, "nowhere.rnn");
  expect_refusal(folder_.string() + " --emit=ast", 1, "directory");
  expect_refusal("/dev/zero --emit=ast", 1, "64 MB");
  expect_refusal(examples + "cells/lstm.rnn -D I=3 -D Q=5 --emit=equations", 1, "Q");
  const std::string wrong =
      write("wrong.rnn", "cell C(H = 4) {\n  input x : [H]\n  state h : [H]\n  h = tanh(y + h[t-1])\n}\n");
  expect_refusal(wrong + " --emit=equations", 1, "wrong.rnn:4:");
  expect_refusal(wrong + " -o " + path("c.cpp"), 1, "wrong.rnn:4:");
  for (const char* number : {"0", "-3", "1099511627776", "4611686018427387904"}) {
    const Outcome outcome = rnnc(examples + "cells/lstm.rnn -D I=3 -D H=" + std::string(number) + " -o " + path("c.cpp"));
    EXPECT_EQ(outcome.code, 1) << number << outcome.err;
    EXPECT_NE(outcome.err, "") << number;
  }
  EXPECT_EQ(left_behind(), (std::vector<std::string>{".err", ".out", "wrong.rnn"}));
}

TEST_F(Cli, OutputsThatFail) {
  const std::string source = examples + "cells/lstm.rnn -D I=3 -D H=5 ";
  expect_refusal(source + "--emit=cpp > /dev/full", 1, "standard output");
  expect_refusal(source + "--emit=cpp >&-", 1, "standard output");
  expect_refusal(source + "--emit=cpp -o /dev/full", 1, "/dev/full");
  expect_refusal(source + "-o /dev/full", 1, "/dev/full");
  expect_refusal(source + "-o " + path("no/such/folder/c.cpp"), 1, "no/such");
  fs::create_directory(path("c.cpp"));
  expect_refusal(source + "-o " + path("c.cpp"), 1, "c.cpp");
  EXPECT_FALSE(fs::exists(path("c.h")));
}

Tensor ramp(runtime::Extents extents) {
  Tensor tensor(runtime::DType::F64, extents);
  double next = 1;
  for (double& value : tensor.view<double>()) value = next++;
  return tensor;
}

TEST_F(Cli, Evaluates) {
  write("sum.rnn", cumulative);
  TensorFile values;
  values.tensors = {{"x", ramp({3, 1, 2})}, {"s.init", ramp({1, 2})}, {"grad.s", ramp({3, 1, 2})}};
  ASSERT_TRUE(runtime::write_safetensors(path("in.safetensors"), values));
  for (const char* backend : {"interp", "cpp", "jit"}) {
    for (const char* dtype : {"f32", "f64"}) {
      const Outcome outcome = rnnc("eval " + path("sum.rnn") + " --in " + path("in.safetensors") + " --out " +
                                   path("out.safetensors") + " --grad --backend " + backend + " --dtype " + dtype);
      ASSERT_EQ(outcome.code, 0) << outcome.err;
      const auto result = runtime::read_safetensors(path("out.safetensors"));
      ASSERT_TRUE(result);
      ASSERT_EQ(result->tensors.size(), 4u);
      EXPECT_EQ(runtime::name_of(result->find("s")->dtype()), dtype == std::string("f32") ? "F32" : "F64");
      EXPECT_EQ(result->find("s")->to_doubles(), (std::vector<double>{2, 4, 5, 8, 10, 14}));
      EXPECT_EQ(result->find("s.final")->to_doubles(), (std::vector<double>{10, 14}));
      EXPECT_EQ(result->find("grad.x")->to_doubles(), (std::vector<double>{9, 12, 8, 10, 5, 6}));
      EXPECT_EQ(result->find("grad.s.init")->to_doubles(), (std::vector<double>{9, 12}));
    }
  }
}

// Each row ends where its own steps do, also what no row has a part in.
TEST_F(Cli, TheLastStepIsOfEachRow) {
  write("m.rnn", "model M {\n  input x\n  param f\n  output a = last(t * f)\n  output b = last(t * f + x)\n"
                 "  output c = first((t + 1) * f)\n  output d = last((t * f)[t+1] + x)\n"
                 "  e = t * f + 1\n  output g = mean_over_time(e[t+1])\n}\n");
  Tensor lengths(runtime::DType::I64, {3});
  for (std::size_t row = 0; row < 3; ++row) lengths.view<std::int64_t>()[row] = std::array{5, 2, 0}[row];
  TensorFile values;
  values.tensors = {{"x", Tensor::zeros(runtime::DType::F64, {5, 3})}, {"f", ramp({})}, {"lengths", lengths}};
  ASSERT_TRUE(runtime::write_safetensors(path("in"), values));
  for (const char* backend : {"interp", "jit"}) {
    const Outcome outcome =
        rnnc("eval " + path("m.rnn") + " --dtype f64 --in " + path("in") + " --out " + path("out") + " --backend " + backend);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto result = runtime::read_safetensors(path("out"));
    const auto of = [&](const char* name) { return result->find(name)->to_doubles(); };
    EXPECT_EQ(of("a"), (std::vector<double>{4, 1, 0}));
    EXPECT_EQ(of("b"), of("a"));
    EXPECT_EQ(of("c"), (std::vector<double>{1, 1, 0}));
    EXPECT_EQ(of("d"), (std::vector<double>{0, 0, 0}));
    EXPECT_EQ(of("g"), (std::vector<double>{14.0 / 5, 1, 0}));
  }
}

TEST_F(Cli, EvalNamesEverythingThatIsWrong) {
  TensorFile values;
  values.tensors = {{"x", ramp({3, 1, 4})},
                    {"W_i", ramp({5, 2})},
                    {"W_z", ramp({5, 3})},
                    {"U_i", ramp({5, 5})},
                    {"h.init", ramp({2, 5})}};
  ASSERT_TRUE(runtime::write_safetensors(path("in.safetensors"), values));
  const Outcome outcome = rnnc("eval " + examples + "cells/lstm.rnn -D I=3 -D H=5 --in " + path("in.safetensors") +
                               " --out " + path("out.safetensors"));
  EXPECT_EQ(outcome.code, 1);
  for (const char* name : {"`x` must be [T, B, 3], is [3, 1, 4]", "`W_i` must be [5, 3]",
                           "`W_z` [5, 3] is not recognised", "`W_f` is missing", "`b_f` is missing"})
    EXPECT_NE(outcome.err.find(name), std::string::npos) << name << "\n" << outcome.err;
  EXPECT_FALSE(fs::exists(path("out.safetensors")));
  expect_refusal(
      "eval " + examples + "cells/lstm.rnn -D I=3 -D H=5 --in " + write("bad.safetensors", "rubbish") + " --out " + path("o"),
      1, "bad.safetensors");
  expect_refusal("eval " + examples + "cells/lstm.rnn -D I=3 -D H=5 --in /dev/null --out " + path("o"), 1, "/dev/null");
}

TEST_F(Cli, EvalTakesNoTensorForTwoThings) {
  write("m.rnn", "model M(V = 9) {\n  input x\n  input lengths : index(V) per row\n  param E : [V]\n"
                 "  output y = x + E[lengths]\n}\n");
  write("two.rnn", "model Two {\n  input a over s\n  input b over t\n  output y = last(a)\n  output z = last(b)\n}\n");
  Tensor lengths(runtime::DType::I32, {2});
  TensorFile values;
  values.tensors = {{"x", ramp({3, 2})}, {"lengths", lengths}, {"E", ramp({9})}};
  ASSERT_TRUE(runtime::write_safetensors(path("in"), values));
  expect_refusal("eval " + path("m.rnn") + " --in " + path("in") + " --out " + path("o"), 1, "`lengths` means two things");
  values.tensors = {{"a", ramp({3, 2})}, {"b", ramp({4, 2})}, {"lengths", lengths}};
  ASSERT_TRUE(runtime::write_safetensors(path("in"), values));
  expect_refusal("eval " + path("two.rnn") + " --in " + path("in") + " --out " + path("o"), 1, "`lengths` [2] is not recognised");
  write("grad.rnn", "cell C {\n  input x\n  state h, y\n  param W, final\n  h = tanh(W * x + h[t-1])\n  y = h\n}\n"
                    "model M {\n  input x\n  grad = C()(x)\n  h = C()(x)\n  output y = grad.h + h.h\n}\n");
  values.tensors = {{"x", ramp({3, 2})},    {"grad.W", ramp({})},     {"h.W", ramp({})},
                    {"h.final", ramp({})}, {"grad.final", ramp({})}};
  ASSERT_TRUE(runtime::write_safetensors(path("in"), values));
  expect_refusal("eval " + path("grad.rnn") + " --grad --in " + path("in") + " --out " + path("o"), 1, "called `grad.h.final`");
  EXPECT_FALSE(fs::exists(path("o")));
}

TEST_F(Cli, TargetsMayBeAbsentWhenNoLossIsAskedFor) {
  write("m.rnn",
        "model M {\n  input x : [2]\n  target z : [2]\n  param a : [2]\n  y = a * x\n  output y\n  loss "
        "squared_error(y, z)\n}\n");
  TensorFile values;
  values.tensors = {{"x", ramp({2, 1, 2})}, {"a", ramp({2})}, {"grad.y", ramp({2, 1, 2})}};
  ASSERT_TRUE(runtime::write_safetensors(path("in.safetensors"), values));
  for (const char* backend : {"interp", "jit"}) {
    for (const char* more : {"", " --grad"}) {
      const Outcome outcome = rnnc("eval " + path("m.rnn") + " --in " + path("in.safetensors") + " --out " +
                                   path("out.safetensors") + " --backend " + backend + more);
      ASSERT_EQ(outcome.code, 0) << outcome.err;
      const auto result = runtime::read_safetensors(path("out.safetensors"));
      EXPECT_EQ(result->find("loss"), nullptr);
      if (*more != '\0') {
        EXPECT_EQ(result->find("grad.a")->to_doubles(), (std::vector<double>{10, 20}));
      }
    }
  }
}

TEST_F(Cli, StepsWithoutSequenceInput) {
  write("count.rnn", "model Count {\n  state n : [1]\n  n = n[t-1] + 1\n  output n\n}\n");
  ASSERT_TRUE(runtime::write_safetensors(path("in.safetensors"), {}));
  const std::string words =
      "eval " + path("count.rnn") + " --in " + path("in.safetensors") + " --out " + path("out.safetensors");
  expect_refusal(words, 1, "--steps");
  ASSERT_EQ(rnnc(words + " --steps 4").code, 0);
  EXPECT_EQ(runtime::read_safetensors(path("out.safetensors"))->find("n")->to_doubles(),
            (std::vector<double>{1, 2, 3, 4}));
  expect_refusal(words + " --steps 4611686018427387904", 1, "memory");
}

// Of every backend, with and without gradient, and only of the steps that rows have.
TEST_F(Cli, Watches) {
  write("watched.rnn",
        "cell Sum { input x : [2]; state s : [2]; s = s[t-1] + x }\n"
        "model M { input x : [2]; a = reverse Sum()(x); output y = 2 * a.s }\n");
  TensorFile given;
  given.tensors.emplace("x", Tensor::of({3, 2, 2}, std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99, 99}));
  given.tensors.emplace("lengths", Tensor::of({2}, std::vector<std::int32_t>{3, 2}));
  ASSERT_TRUE(runtime::write_safetensors(path("in.safetensors"), given));
  const std::string words =
      "eval " + path("watched.rnn") + " --in " + path("in.safetensors") + " --out " + path("out.safetensors");
  const std::string heading = "steps         watched        mean   deviation      lowest     highest\n";
  const std::string all = heading + "0..2          a.s            11.9      3.5057           7          18\n";
  const std::string parted = heading +
                             "0..1          a.s            12.5      3.6742           7          18\n"
                             "0..1          x               4.5      2.2913           1           8\n"
                             "2             a.s             9.5         0.5           9          10\n"
                             "2             x               9.5         0.5           9          10\n";
  EXPECT_EQ(rnnc(words + " --watch a.s").out, all);
  for (const char* how : {" --backend interp --grad", " --backend cpp --grad", " --backend jit --grad", " --dtype f64"}) {
    EXPECT_EQ(rnnc(words + how + " --watch a.s --watch x --watch-every 2").out, parted) << how;
    const auto result = runtime::read_safetensors(path("out.safetensors"));
    EXPECT_EQ(result->find("@watch/a.s"), nullptr);
    ASSERT_NE(result->find("y"), nullptr);
    EXPECT_EQ(result->find("y")->number(0), 2 * (1 + 5 + 9));
  }
  expect_refusal(words + " --watch a.ss", 1, "did you mean `a.s`?");
}

// What is ignored or weighs nothing has no part in a mean, and gets no gradient; other indices are still refused.
TEST_F(Cli, IgnoresTargets) {
  const std::string start = "model M {\n  input x : [3]\n  target y : index(3)\n  target z, w : [3]\n  output u = 1 * x\n";
  write("below.rnn", start + "  loss cross_entropy(u, y, ignore = -100)\n  loss mean(squared_error(u, z), weight = w)\n}\n");
  write("class.rnn", start + "  loss cross_entropy(u, y, ignore = 2)\n  loss mean(squared_error(u, z), weight = w)\n}\n");
  const auto put = [&](std::int32_t ignored, std::int32_t last) {
    TensorFile given;
    given.tensors.emplace("x", Tensor::of({4, 1, 3}, std::vector<double>{0, 0, 0, 7, 8, 9, 0, 0, 0, 7, 8, 9}));
    given.tensors.emplace("y", Tensor::of({4, 1}, std::vector<std::int32_t>{0, ignored, 1, last}));
    given.tensors.emplace("z", Tensor::of({4, 1, 3}, std::vector<double>{1, 5, 5, 5, 5, 5, 5, 3, 5, 5, 5, 5}));
    given.tensors.emplace("w", Tensor::of({4, 1, 3}, std::vector<double>{3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}));
    ASSERT_TRUE(runtime::write_safetensors(path("in.safetensors"), given));
  };
  const std::string files = " --grad --in " + path("in.safetensors") + " --out " + path("out.safetensors");
  for (const char* name : {"below.rnn", "class.rnn"}) {
    put(name[0] == 'b' ? -1 : 2, name[0] == 'b' ? -100 : 2);
    for (const char* how : {" --backend interp", " --backend cpp", " --backend jit", " --dtype f64"}) {
      const Outcome outcome = rnnc("eval " + path(name) + files + how);
      ASSERT_EQ(outcome.code, 0) << outcome.err;
      const auto result = runtime::read_safetensors(path("out.safetensors"));
      // log 3, as of two steps; and (3 * 1 + 1 * 9) / 4.
      EXPECT_NEAR(result->find("loss")->number(0), std::log(3.0) + 3, 1e-6) << name << how;
      const std::vector<double> gradient = result->find("grad.x")->to_doubles();
      for (const std::size_t i : {3, 4, 5, 9, 10, 11}) EXPECT_EQ(gradient[i], 0) << name << how;
      EXPECT_NEAR(gradient[8], 1.0 / 6, 1e-6) << name << how;
    }
  }
  put(-1, -101);
  expect_refusal("eval " + path("below.rnn") + files, 1, "the index -101 at step 3, row 0 is outside [-100, 3)");
  put(1, 3);
  expect_refusal("eval " + path("below.rnn") + files, 1, "the index 3 at");
  put(-1, 1);
  expect_refusal("eval " + path("class.rnn") + files, 1, "the index -1 at");
}

TEST_F(Cli, Gradcheck) {
  EXPECT_EQ(rnnc("gradcheck " + examples + "cells/lstm.rnn -D I=2 -D H=3").code, 0);
  const Outcome json = rnnc("gradcheck " + examples + "cells/gru.rnn --entry GRU -D I=2 -D H=3 --json");
  EXPECT_TRUE(nlohmann::json::parse(json.out)["agrees"].get<bool>());
}

// Each takes a fraction of a second; what grew with the square or faster took minutes, or all of the stack.
TEST_F(Cli, SmallSourcesCompileQuicklyWhateverTheyUnfoldTo) {
  const std::string head = "cell C(H = 4) {\n  input x : [H]\n  state h : [H]\n";
  const std::string layer = "cell L(H) {\n  input x : [H]\n  state h : [H]\n  param W : [H, H]\n  h = tanh(W @ x + h[t-1])\n}\n";
  const auto nested = [](const std::string& function, int times, const std::string& of) {
    std::string text = of;
    for (int i = 0; i < times; ++i) text = function + "(" + text + ")";
    return text;
  };
  std::string sums = "h = x + 0.01 * (h[t-1]";
  for (int lag = 2; lag <= 256; ++lag) sums += " + h[t-" + std::to_string(lag) + "]";
  std::string powers = "h = x + h[t-1] * (x";
  for (int i = 0; i < 300; ++i) powers += "^x";
  const std::pair<const char*, std::string> sources[] = {
      {"one far step", head + "h = tanh(x + h[t-256])\n}\n"},
      {"one far step ahead", head + "h = tanh(x + h[t+256])\n}\n"},
      {"a far step of an input", head + "h = tanh(x[t-256] + h[t-1])\n}\n"},
      {"many steps back", head + sums + ")\n}\n"},
      {"functions of functions", "fn f(u) = u * u + u\n" + head + "h = " + nested("f", 30, "x + h[t-1]") + "\n}\n"},
      {"norms of norms", "fn f(u) = (u - mean(u)) * rsqrt(mean(square(u - mean(u))) + 1e-5)\n" + head +
                             "h = " + nested("f", 15, "x + h[t-1]") + "\n}\n"},
      {"powers of powers", head + powers + ")\n}\n"},
      {"a chain of cheap values", head + "a[0] = x\nfor j in 0..9 { for k in 1..1000 { a[j * 1000 + k] = a[j * 1000 + k - 1] * x } }\n"
                                         "h = a[10000] + h[t-1]\n}\n"},
      {"a chain of dear values", head + "a[0] = x\nfor j in 0..4 { for k in 1..1000 { a[j * 1000 + k] = tanh(a[j * 1000 + k - 1]) + x } }\n"
                                        "h = a[5000] + h[t-1]\n}\n"},
      {"a chain of softmaxes", head + "a[0] = x\nfor k in 1..500 { a[k] = softmax(a[k - 1]) }\nh = a[500] + h[t-1]\n}\n"},
      {"cells side by side", layer + "model M(H = 4) {\n  input x : [H]\n  s[0] = x\n  for k in 1..200 { l[k] = L(H)(x)\n"
                                     "    s[k] = s[k - 1] + l[k].h }\n  output y = s[200]\n}\n"},
  };
  for (const auto& [what, text] : sources) {
    const auto start = std::chrono::steady_clock::now();
    const Outcome outcome = rnnc(write("small.rnn", text) + " -o " + path("small.cpp"));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    EXPECT_EQ(outcome.code, 0) << what << "\n" << outcome.err.substr(0, 1000);
    EXPECT_LT(seconds, 20) << what;  // under sanitizers, on a busy machine
  }
}

TEST_F(Cli, MachineCodeOfVeryManyFunctionsIsRefused) {
  const std::string deep = write("deep.rnn", "cell L(H) {\n  input x : [H]\n  state h : [H]\n  param W, U : [H, H]\n"
                                             "  h = tanh(W @ x + U @ h[t-1])\n}\n"
                                             "model Deep(H = 4, N = 1000) {\n  input x : [H]\n  l[0] = L(H)(x)\n"
                                             "  for k in 1..N-1 { l[k] = L(H)(l[k-1]) }\n  output y = l[N-1].h\n}\n");
  const Outcome text = rnnc(deep + " --emit=asm");
  EXPECT_EQ(text.code, 1);
  EXPECT_NE(text.err.find("assembly is made of up to 8000 functions, and this model has "), std::string::npos) << text.err;
  const Outcome bench = rnnc("bench " + deep + " --mode train");
  EXPECT_EQ(bench.code, 1);
  EXPECT_NE(bench.err.find("machine code is made of up to 20000 functions"), std::string::npos) << bench.err;
}

TEST_F(Cli, BenchReadsTheModelFromStandardInput) {
  const std::string source = write("sum.rnn", cumulative);
  const Outcome outcome = rnnc("bench - --seconds 0.02 --mode infer < " + source);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
}

TEST_F(Cli, BenchKeys) {
  for (const char* mode : {"step", "infer", "train"}) {
    const Outcome outcome =
        rnnc("bench " + examples + "cells/lstm.rnn -D I=3 -D H=5 --batch 2 --steps 7 --seconds 0.05 --json --mode " + mode);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto json = nlohmann::json::parse(outcome.out);
    for (const char* key :
         {"model", "mode", "backend", "dtype", "batch", "steps", "threads", "median_us", "min_us", "spread_pct",
          "repeats", "gflops", "weight_bytes", "workspace_bytes", "tape_bytes", "pack_us", "compile_ms"})
      EXPECT_TRUE(json.contains(key)) << key;
    EXPECT_EQ(json.contains("p99.9_us"), mode == std::string("step"));
    EXPECT_GT(json["median_us"].get<double>(), 0);
    EXPECT_GT(json["gflops"].get<double>(), 0);
  }
}

// Less memory by more windows of steps; what no number of them keeps is an error that names what would do.
TEST_F(Cli, BenchKeepsAMemoryBudget) {
  const std::string words =
      "bench " + examples + "cells/lstm.rnn -D I=3 -D H=5 --batch 4 --steps 300 --seconds 0.05 --json --mode ";
  const auto bytes = [](const nlohmann::json& json) {
    return json["tape_bytes"].get<std::int64_t>() + json["workspace_bytes"].get<std::int64_t>();
  };
  const Outcome whole = rnnc(words + "train");
  ASSERT_EQ(whole.code, 0) << whole.err;
  const std::int64_t budget = bytes(nlohmann::json::parse(whole.out)) - 1;
  const Outcome divided = rnnc(words + "train --memory-budget " + std::to_string(budget));
  ASSERT_EQ(divided.code, 0) << divided.err;
  EXPECT_LE(bytes(nlohmann::json::parse(divided.out)), budget);
  EXPECT_EQ(nlohmann::json::parse(divided.out)["windows"], 2);
  const Outcome refused = rnnc(words + "train --memory-budget 1KB");
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("together, its memory budget is 1024 bytes"), std::string::npos) << refused.err;
  EXPECT_EQ(rnnc(words + "infer --memory-budget 1KB").code, 2);
  EXPECT_EQ(rnnc(words + "train --memory-budget little").code, 2);
}

// Every launch is counted and timed; time is not better than the limits allow, but for noise.
TEST_F(Cli, BenchRoofline) {
  const std::string words = "bench " + examples + "cells/lstm.rnn -D I=16 -D H=40 --batch 2 --steps 7 --seconds 0.05 ";
  for (const char* mode : {"step", "infer", "train"}) {
    const Outcome outcome = rnnc(words + "--roofline --json --mode " + mode);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto roofline = nlohmann::json::parse(outcome.out)["roofline"];
    const double steps = mode == std::string("step") ? 1 : 7, times = mode == std::string("train") ? 3 : 1;
    double operations = 0;
    for (const auto& kernel : roofline["kernels"]) {
      operations += kernel["operations"].get<double>();
      EXPECT_GE(kernel["launches"].get<int>(), 1);
      EXPECT_GT(kernel["bytes"].get<double>(), 0) << kernel["kernel"];
      EXPECT_GT(kernel["us"].get<double>(), 0) << kernel["kernel"];
      EXPECT_GT(kernel["limit_us"].get<double>(), 0) << kernel["kernel"];
    }
    const double products = times * 2 * steps * 2 * 4 * 40 * (16 + 40);
    EXPECT_GE(operations, products) << mode;
    EXPECT_LE(operations, 1.5 * products) << mode;
  }
  EXPECT_NE(rnnc(words + "--roofline").out.find("between kernels"), std::string::npos);
  expect_refusal(words + "--roofline --threads 2", 2, "one thread");
  expect_refusal(words + "--roofline --backend cpp", 2, "JIT");
}

TEST_F(Cli, TrainsAndSamples) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "the cat sat on the mat. ";
  write("text.txt", text);
  const std::string model = examples + "charlm.rnn ";
  const Outcome trained =
      rnnc("train " + model + "-D H=24 --data " + path("text.txt") +
           " --steps 60 --batch 8 --length 20 --lr 0.02 --sample 20 --watch y --watch-every 25 --out " +
           path("c.safetensors"));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.err.find("bits/char"), std::string::npos);
  for (const char* line : {"\nupdate        watched        mean", "\n25            y   ", "\n50            y   "})
    EXPECT_NE(("\n" + trained.err).find(line), std::string::npos) << trained.err;
  const std::string sample =
      "sample " + model + "--from " + path("c.safetensors") + " --prime 'the ' --temperature 0 --length 40";
  const Outcome sampled = rnnc(sample);
  ASSERT_EQ(sampled.code, 0) << sampled.err;
  EXPECT_NE(sampled.out.find("the mat. the cat"), std::string::npos) << sampled.out;
  EXPECT_EQ(rnnc(sample).out, sampled.out);
  expect_refusal("sample " + model + "--from " + path("c.safetensors") + " --prime 'QQ'", 1, "Q");
  EXPECT_EQ(rnnc("sample " + model + "--from " + path("c.safetensors") + " --prime 'QQ'").out, "");
  const Outcome again = rnnc("train " + model + "-D H=24 --data " + path("text.txt") +
                             " --steps 60 --batch 8 --length 20 --from " + path("c.safetensors"));
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_NE(again.out.find("60 of --steps 60 updates"), std::string::npos) << again.out;
  EXPECT_EQ((again.out + again.err).find("nan"), std::string::npos) << again.out << again.err;
  write("sum.rnn", "model M(V = 3) {\n  input token : index(V)\n  target next : index(V)\n  param b : [V] = 0\n"
                   "  output y = b + one_hot(token)\n  loss sum(cross_entropy(y, next))\n}\n");
  const Outcome summed = rnnc("train " + path("sum.rnn") + " --data " + path("text.txt") + " --steps 3 --clip 0");
  EXPECT_EQ(summed.code, 0) << summed.err;
  EXPECT_EQ((summed.out + summed.err).find("nats"), std::string::npos) << summed.out << summed.err;
  expect_refusal("train " + model + "--data " + path("text.txt") + " --clip nan", 2, "`nan` is not a number from 0");
  write("ahead.rnn", "model M(V = 3) {\n  input token : index(V)\n  target next : index(V)\n  param b : [V]\n"
                     "  e = one_hot(token)\n  output y = b * e[t+1]\n  loss cross_entropy(y, next)\n}\n");
  ASSERT_EQ(rnnc("train " + path("ahead.rnn") + " --data " + path("text.txt") + " --steps 2 --out " + path("a")).code, 0);
  expect_refusal("sample " + path("ahead.rnn") + " --from " + path("a"), 1, "reads steps to come");
  expect_refusal("train " + path("ahead.rnn") + " --data " + path("text.txt") + " --steps 2 --sample 5", 1, "reads steps to come");
  for (const char* whole : {"last(h)", "first(h)", "sum_over_time(h)", "mean_over_time(h)"}) {
    write("whole.rnn", "model M(V = 3) {\n  input token : index(V)\n  target next : index(V)\n  state h : [V]\n  param b : [V]\n"
                       "  h = tanh(h[t-1] + b * one_hot(token))\n  output y = h + " + std::string(whole) + "\n  loss cross_entropy(y, next)\n}\n");
    ASSERT_EQ(rnnc("train " + path("whole.rnn") + " --data " + path("text.txt") + " --steps 2 --out " + path("w")).code, 0);
    expect_refusal("sample " + path("whole.rnn") + " --from " + path("w"), 1, "or the whole sequence");
  }
  write("begun.rnn", "model M(V = 3) {\n  input token : index(V)\n  target next : index(V)\n  param b : [V]\n  e = b * one_hot(token)\n"
                     "  state h : [V] = first(e)\n  h = tanh(h[t-1] + e)\n  output y = h\n  output z = mean_over_time(h)\n"
                     "  loss cross_entropy(y, next)\n}\n");
  EXPECT_EQ(rnnc("train " + path("begun.rnn") + " --data " + path("text.txt") + " --steps 2 --sample 5").code, 0);
  write("two.rnn", "model M(V = 3) {\n  input token : index(V) over a\n  target next : index(V) over b\n  param E : [V, V]\n"
                   "  state h : [V] over a\n  state g : [V] = last(h) over b\n  h = E[token] + h[t-1]\n  g = tanh(g[t-1])\n"
                   "  output y = g\n  loss cross_entropy(y, next)\n}\n");
  expect_refusal("train " + path("two.rnn") + " --data " + path("text.txt") + " --steps 2", 1, "runs along 2 sequence axes");
  // What cannot be saved is told before training, and what is not finite is not saved.
  expect_refusal("train " + model + "--data " + path("text.txt") + " --steps 2 --out " + path(std::string(300, 'n')), 1, "name too long");
  expect_refusal("train " + model + "--data " + path("text.txt") + " --steps 2 --out ''", 2, "a file needs a name");
  const std::string before_loss = *runtime::read_file(path("c.safetensors"));
  expect_refusal("train " + model + "--data " + path("text.txt") + " --steps 1 --lr 1e39 --out " + path("c.safetensors"), 1, "is not finite after 1 updates");
  EXPECT_EQ(*runtime::read_file(path("c.safetensors")), before_loss);
  // Digits are decimal.
  EXPECT_NE(rnnc("bench " + path("whole.rnn") + " --steps 010 --seconds 0.01 --json").out.find("\"steps\":10"), std::string::npos);
  expect_refusal("bench " + path("whole.rnn") + " --steps 0x10", 2, "`0x10` is not a whole number from 1");
  for (const char* size : {"0MB", "0x10", "' 010'", "MB"})
    expect_refusal("bench " + path("whole.rnn") + " --mode train --memory-budget " + size, 2, "is no number of bytes");
  TensorFile damaged = *runtime::read_safetensors(path("c.safetensors"));
  damaged.metadata["model.dimensions"] = "H=24 W";
  ASSERT_TRUE(runtime::write_safetensors(path("d.safetensors"), damaged).ok());
  expect_refusal("sample " + model + "--from " + path("d.safetensors"), 1, "has `W`, not NAME=N");
  expect_refusal("sample " + examples + "cells/lstm.rnn -D I=1 -D H=1 --from " + path("c.safetensors"), 1, "");
  expect_refusal("train " + model + "--data " + path("nothing.txt"), 1, "nothing.txt");
}

}  // namespace
}  // namespace rnnc
