#include "compiler/driver/cli/arguments.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>

#include "compiler/driver/cli/failure.h"
#include "compiler/driver/cli/stages.h"
#include "compiler/driver/targets.h"
#include "compiler/sema/reference.h"

namespace rnnc::cli {
namespace {

constexpr const char* main_help =
    R"(rnnc compiles recurrence equations to SIMD C++ and to running code, with their derived backward pass.

  rnnc MODEL.rnn [-D NAME=N]... -o OUT.cpp     OUT.cpp and OUT.h
  rnnc MODEL.rnn --emit=STAGE                  print one stage of the compilation
  rnnc check FILE.rnn...                       only report mistakes
  rnnc fmt FILE.rnn...                         lay sources out canonically, in place
  rnnc eval MODEL.rnn --in A --out B           run the model on tensors in a safetensors file
  rnnc gradcheck MODEL.rnn                     check the derived gradient against finite differences
  rnnc bench MODEL.rnn --mode train            measure time and memory
  rnnc train MODEL.rnn --data FILE             train a character model on a text
  rnnc sample MODEL.rnn --from CHECKPOINT      print text sampled from it
)";

constexpr const char* main_examples = R"(
Examples:
  rnnc lstm.rnn -D I=64 -D H=256 -o lstm.cpp
  rnnc lstm.rnn -D I=64 -D H=256 --emit=gradient
  echo 'cell C(H) { input x : [H]; state h : [H]; h = tanh(x + h[t-1]) }' | rnnc - -D H=8 --emit=cpp
  rnnc eval lstm.rnn -D I=5 -D H=11 --in case.safetensors --out result.safetensors --grad
`rnnc COMMAND --help` explains a command.
Exit codes: 0 success, 1 the input is at fault, 2 wrong usage, 3 a bug of rnnc.
)";

std::string joined(std::span<const std::string_view> names) {
  std::string text;
  for (std::string_view name : names) text += (text.empty() ? "" : "|") + std::string(name);
  return text;
}

[[noreturn]] void wrong(const std::string& what) { throw CLI::ValidationError(what, CLI::ExitCodes::ValidationError); }

std::int64_t whole_number(const std::string& text, const std::string& where) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) wrong(where + ": `" + text + "` is not a whole number");
  return number;
}

// Decimal digits, also behind a zero: the library's own reading takes octal and hexadecimal.
CLI::Validator whole_between(std::int64_t low, std::int64_t high, const std::string& description) {
  return CLI::Validator(
      [=](std::string& text) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool whole = error == std::errc() && end == text.data() + text.size();
        if (!whole || number < low || number > high) return "`" + text + "` is not " + description;
        text = std::to_string(number);
        return std::string();
      },
      description);
}
const CLI::Validator at_least_one = whole_between(1, std::int64_t(1) << 62, "a whole number from 1");
const CLI::Validator from_zero = whole_between(0, std::int64_t(1) << 62, "a whole number from 0");

std::int64_t step_count(const std::string& text) {
  const std::int64_t count = whole_number(text, "--steps");
  if (count < 0) wrong("--steps: must not be negative");
  return count;
}

// NAME=N
void add_dimension(const std::string& text, std::map<std::string, std::int64_t>& dimensions) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) wrong("-D wants NAME=N, not `" + text + "`");
  const std::string name = text.substr(0, equals);
  const std::int64_t value = whole_number(text.substr(equals + 1), "-D " + name);
  if (!dimensions.emplace(name, value).second) wrong("-D " + name + " is given twice");
}

void add_dimensions(CLI::App& app, std::map<std::string, std::int64_t>& dimensions) {
  app.add_option_function<std::vector<std::string>>(
         "-D",
         [&dimensions](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) add_dimension(text, dimensions);
         },
         "value of a dimension, NAME=N")
      ->allow_extra_args(false);
}

void add_format(CLI::App& app, DiagnosticsFormat& format) {
  app.add_option_function<std::string>(
      "--diagnostics",
      [&format](const std::string& name) {
        if (name != "text" && name != "json") wrong("--diagnostics is text or json, not `" + name + "`");
        format = name == "json" ? DiagnosticsFormat::json : DiagnosticsFormat::text;
      },
      "errors and warnings as text (default) or json");
}

void add_no_warn(CLI::App& app, std::vector<dsl::DiagnosticKind>& silenced) {
  app.add_option_function<std::vector<std::string>>(
         "--no-warn",
         [&silenced](const std::vector<std::string>& codes) {
           for (const std::string& code : codes) {
             const auto kind = dsl::find_kind(code);
             if (kind && dsl::severity(*kind) == dsl::Severity::warning) {
               silenced.push_back(*kind);
               continue;
             }
             const std::string near = dsl::nearest(code, dsl::codes(dsl::Severity::warning));
             wrong("--no-warn: `" + code + (kind ? "` is an error, no warning" : "` is no warning") +
                   (kind || near.empty() ? "" : "; did you mean `" + near + "`?"));
           }
         },
         "leave out warnings of this code, such as W0904; repeatable")
      ->allow_extra_args(false)
      ->delimiter(',');
}

void add_imports_anywhere(CLI::App& app, bool& anywhere) {
  app.add_flag("--imports-anywhere", anywhere, "imports may be absolute, contain `..` and lead out by links");
}

void add_source(CLI::App& app, SourceArguments& source, bool dtype = true) {
  app.add_option("MODEL.rnn", source.path, "the model; - is standard input")->required();
  add_dimensions(app, source.dimensions);
  app.add_option("--entry", source.entry, "which model or cell of the file");
  add_imports_anywhere(app, source.imports_anywhere);
  add_no_warn(app, source.silenced);
  app.add_option_function<std::string>(
      "--feed",
      [&source](const std::string& name) {
        if (name != "given" && name != "own" && name != "mixed")
          wrong("--feed is given, own or mixed, not `" + name + "`");
        source.feed = name == "given" ? sema::Feed::given : name == "own" ? sema::Feed::own : sema::Feed::mixed;
      },
      "fed inputs are given (default), the model's own values, or mixed");
  if (dtype) {
    app.add_option_function<std::string>(
        "--dtype",
        [&source](const std::string& name) {
          if (name != "f32" && name != "f64") wrong("--dtype is f32 or f64, not `" + name + "`");
          source.element = name == "f64" ? loop::Element::f64 : loop::Element::f32;
        },
        "f32 (default) or f64");
  }
  const std::string known = joined(driver::target_names());
  app.add_option_function<std::string>(
      "--target",
      [&source, known](const std::string& name) {
        if (!driver::is_target_name(name)) wrong("--target is one of " + known + ", not `" + name + "`");
        source.target = driver::find_target(name);
      },
      known + ", default " + (source.target ? source.target->name + " with fma" : "native, what suits this processor best"));
}

void add_backend(CLI::App& app, driver::BackendKind& backend) {
  app.add_option_function<std::string>(
      "--backend",
      [&backend](const std::string& name) {
        const auto found = driver::find_backend(name);
        if (!found) wrong("--backend is one of " + joined(driver::backend_names()) + ", not `" + name + "`");
        backend = *found;
      },
      joined(driver::backend_names()) + ", default jit");
}

void add_steps(CLI::App& app, std::map<std::string, std::int64_t>& steps, const std::string& help) {
  app.add_option_function<std::vector<std::string>>(
         "--steps",
         [&steps](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) {
             const std::size_t equals = text.find('=');
             const std::string axis = equals == std::string::npos ? "" : text.substr(0, equals);
             steps[axis] = step_count(equals == std::string::npos ? text : text.substr(equals + 1));
           }
         },
         help)
      ->allow_extra_args(false);
}

CLI::Option* add_threads(CLI::App& app, int& threads, const std::string& help) {
  return app.add_option("--threads", threads, help)->transform(whole_between(0, 1024, "a whole number from 0 to 1024"));
}

void add_watch(CLI::App& app, SourceArguments& source, const std::string& every_what, std::int64_t& every) {
  app.add_option("--watch", source.watch, "print mean, deviation and range of a value, by its full name; repeatable")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--watch-every", every, every_what)->transform(at_least_one);
}

// Unlike a range of the library's, this one takes no NaN.
CLI::Validator number_between(double low, double high, const std::string& description) {
  return CLI::Validator(
      [=](const std::string& text) {
        double value = 0;
        const bool inside = CLI::detail::lexical_cast(text, value) && value >= low && value <= high;
        return inside ? std::string() : "`" + text + "` is not " + description;
      },
      description);
}

// Digits only: the library's own would take what is too large, or nothing at all.
void add_seed(CLI::App& app, std::uint64_t& seed, const std::string& help) {
  app.add_option_function<std::string>(
      "--seed",
      [&seed](const std::string& text) {
        const char* end = text.data() + text.size();
        const auto [stop, code] = std::from_chars(text.data(), end, seed);
        if (text.empty() || code != std::errc() || stop != end) wrong("--seed: `" + text + "` is not a whole number below 2^64");
      },
      help);
}

const CLI::Validator share = number_between(0.0, 1.0, "a number from 0 to 1");
// Of own values among fed ones.
void add_rate(CLI::App& app, const SourceArguments& source, double& rate, const std::string& help) {
  app.add_option("--rate", rate, help)->check(share);
  app.final_callback([&app, &source] {
    if (app.count("--rate") > 0 && source.feed != sema::Feed::mixed) wrong("--rate is for --feed=mixed");
  });
}

const CLI::Validator not_negative = number_between(0.0, 1e300, "a number from 0");
const CLI::Validator positive = number_between(1e-300, 1e300, "a number above 0");

const CLI::Validator identifier(
    [](const std::string& text) {
      const bool word = std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
      const bool fits = word && !text.empty() && std::isalpha(static_cast<unsigned char>(text.front()));
      return fits ? std::string() : "`" + text + "` is no name: letters, digits and underscores, a letter first";
    },
    "NAME");

const CLI::Validator file_name([](const std::string& text) { return text.empty() ? std::string("a file needs a name") : ""; }, "");

void define(CLI::App& app, CompileArguments& a) {
  a.source.target = driver::find_target("avx2");  // files travel to other machines: what nearly all of them have
  add_source(app, a.source);
  app.add_option("-o", a.output, "where to write; OUT.h is written beside OUT.cpp. - is standard output")->check(file_name);
  app.add_option("--name", a.name, "what emitted code calls the model, default its own name")->check(identifier);
  app.add_option("--emit", a.emit, "print a stage: " + joined(stage_names()));
  app.add_option("--dump-after", a.dump_after, "print what a pass leaves: its name, or all");
  add_format(app, a.format);
  app.add_flag("--time-passes", a.time_passes, "say how long every pass took");
  app.add_flag("!--no-gradient", a.gradient, "leave out the backward pass");
}

void define(CLI::App& app, CheckArguments& a) {
  app.add_option("FILE.rnn", a.paths, "what to check; - is standard input")->required();
  add_dimensions(app, a.sema.dimensions);
  app.add_option("--entry", a.sema.entry, "check this model or cell only; without it, all of them");
  add_imports_anywhere(app, a.sema.imports_anywhere);
  add_no_warn(app, a.silenced);
  add_format(app, a.format);
  app.footer(
      "\nMistakes and warnings go to standard output; the exit code is 1 if there are errors. Dimensions without a "
      "value get a stand-in.\nExample:\n  rnnc check --diagnostics=json lstm.rnn gru.rnn");
}

void define(CLI::App& app, FormatArguments& a) {
  app.add_option("FILE.rnn", a.paths, "what to format, in place; - is standard input, written to standard output")
      ->required();
  app.add_flag("--check", a.check, "change nothing, list the files that are laid out otherwise; exit code 1 if any is");
  app.footer("\nA file with syntax errors is left as it is.\nExample:\n  rnnc fmt --check *.rnn");
}

void add_memory_budget(CLI::App& app, std::int64_t& bytes) {
  app.add_option("--memory-budget", bytes,
                 "bytes that gradients' working memory may take, as 500000 or 64MB; what does not fit is computed again")
      ->transform(CLI::AsSizeValue(false))
      ->transform(CLI::Validator(
          [](std::string& text) {
            std::int64_t number = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
            if (error != std::errc() || number < 1) return "`" + text + "` is no number of bytes";
            text = std::to_string(number) + text.substr(static_cast<std::size_t>(end - text.data()));
            return std::string();
          },
          ""))
      ->check(at_least_one);
}

void define(CLI::App& app, EvalArguments& a) {
  add_source(app, a.source);
  app.add_option("--in", a.in, "safetensors file with parameters, inputs, NAME.init, lengths, grad.NAME")->required();
  app.add_option("--out", a.out, "safetensors file for outputs, NAME.final, loss, gradients")->required()->check(file_name);
  add_backend(app, a.backend);
  app.add_flag("--grad", a.gradient, "gradients of loss + sum of grad.NAME * NAME over outputs and finals");
  add_threads(app, a.threads, "default 1; 0: one per processor");
  add_steps(app, a.steps, "number of steps where no tensor tells it: N or AXIS=N");
  add_seed(app, a.seed, "of dropout, zoneout and sampling, default 0");
  app.add_flag("--train", a.training, "switch dropout and zoneout on");
  add_rate(app, a.source, a.rate, "with --feed=mixed: the share of own values, default 0");
  add_memory_budget(app, a.memory_budget);
  add_watch(app, a.source, "a line for so many steps; default: one for all", a.watch_every);
  app.footer(
      "\nExample:\n  rnnc eval lstm.rnn -D I=5 -D H=11 --in case.safetensors --out result.safetensors --grad --dtype "
      "f64");
}

void define(CLI::App& app, GradcheckArguments& a) {
  add_source(app, a.source, false);
  add_steps(app, a.steps, "default 5");
  app.add_option("--batch", a.rows, "rows, default 2")->transform(at_least_one);
  app.add_option("--entries", a.entries, "checked per tensor, at most; default 64")->transform(at_least_one);
  add_seed(app, a.seed, "of the random point, default 1");
  app.add_option("--tolerance", a.tolerance, "of the error relative to a tensor's largest gradient, default 1e-6")
      ->check(positive);
  app.add_flag("--lengths", a.lengths, "rows of different lengths");
  app.add_flag("--train", a.training, "switch dropout and zoneout on");
  add_rate(app, a.source, a.rate, "with --feed=mixed: the share of own values, default 0.5");
  app.add_flag("--json", a.json, "print one JSON object");
  app.footer("\nExample:\n  rnnc gradcheck lstm.rnn -D I=3 -D H=5");
}

void define(CLI::App& app, BenchArguments& a) {
  add_source(app, a.source);
  add_backend(app, a.backend);
  app.add_option_function<std::string>(
      "--mode",
      [&a](const std::string& name) {
        if (name != "step" && name != "infer" && name != "train")
          wrong("--mode is step, infer or train, not `" + name + "`");
        a.mode = name == "step" ? BenchMode::step : name == "infer" ? BenchMode::infer : BenchMode::train;
      },
      "step: one step of a running stream; infer (default): forward; train: forward and backward");
  app.add_option("--batch", a.rows, "rows, default 1")->transform(at_least_one);
  app.add_option("--steps", a.steps, "steps, default 100")->transform(at_least_one);
  add_threads(app, a.threads, "default 1; 0: one per processor");
  add_seed(app, a.seed, "of inputs and parameters, default 0");
  app.add_option("--seconds", a.seconds, "time to measure for, default 2")->check(positive);
  add_memory_budget(app, a.memory_budget);
  app.add_flag("--roofline", a.roofline,
               "then explain each kernel: its operations, bytes and time, and how far it is from the machine's limit");
  app.add_flag("--json", a.json, "print one JSON object");
  app.final_callback([&a] {
    if (a.memory_budget > 0 && a.mode != BenchMode::train) wrong("--memory-budget is for --mode train");
    if (a.roofline && a.memory_budget > 0) wrong("--roofline is of a run without --memory-budget");
    if (a.roofline && (a.backend != driver::BackendKind::jit || a.threads != 1))
      wrong("--roofline is of JIT code on one thread");
  });
  app.footer(
      "\n--roofline: operations are counted as executed, a fused multiply-add as two; bytes are those of the places that a\n"
      "launch reads or writes, each once. Its limit is the longer of the operations at the peak and the bytes at the\n"
      "bandwidth with which an array of that size is read again and again; both are measured in the same run.\n"
      "\nExamples:\n"
      "  rnnc bench lstm.rnn -D I=64 -D H=256 --batch 32 --steps 100 --mode train --json\n"
      "  rnnc bench lstm.rnn -D I=64 -D H=256 --batch 32 --mode train --roofline");
}

void define(CLI::App& app, TrainArguments& a) {
  add_source(app, a.source);
  add_backend(app, a.backend);
  app.add_option("--data", a.data, "the text; its number of different characters binds the dimension V")->required();
  app.add_option("--seconds", a.seconds, "how long; 60 unless --steps is given")->check(positive);
  app.add_option("--steps", a.steps, "number of updates, with those of --from")->transform(at_least_one);
  app.add_option("--batch", a.rows, "rows read side by side, default 32")->transform(at_least_one);
  app.add_option("--length", a.length, "steps that gradients flow through, default 100")->transform(at_least_one);
  app.add_option("--lr", a.learning_rate, "learning rate, default 0.002")->check(positive);
  app.add_option("--clip", a.clip, "largest norm of the gradient, default 1; 0: any")->check(not_negative);
  app.add_option("--weight-decay", a.weight_decay, "default 0")->check(not_negative);
  app.add_flag("--sgd", a.sgd, "plain gradient descent instead of Adam");
  app.add_option("--held-out", a.held_out,
                 "part of the text kept for the loss on unseen text, default 0.05; at most 50000 characters")
      ->check(number_between(0.0, 0.9, "a number from 0 to 0.9"));
  add_rate(app, a.source, a.rate, "with --feed=mixed: the share of own values at the end, from 0 at first; default 0");
  add_seed(app, a.seed, "of starting parameters and dropout, default 0");
  add_memory_budget(app, a.memory_budget);
  add_threads(app, a.threads, "default 0: one per processor");
  add_watch(app, a.source, "updates between what is watched, default 100", a.watch_every);
  app.add_option("--out", a.out, "checkpoint to write: every minute, at the end and on Ctrl-C")->check(file_name);
  app.add_option("--from", a.from, "checkpoint to go on from")->check(file_name);
  app.add_option("--sample", a.sample, "print so many sampled characters before and after")->transform(from_zero);
  app.add_option("--prime", a.prime, "text that samples go on from");
  app.add_option("--temperature", a.temperature, "of samples, default 0.8")->check(not_negative);
  app.footer("\nExample:\n  rnnc train charlm.rnn --data book.txt --seconds 60 --out book.safetensors --sample 300");
}

void define(CLI::App& app, SampleArguments& a) {
  add_source(app, a.source);
  add_backend(app, a.backend);
  app.add_option("--from", a.from, "checkpoint of rnnc train")->required()->check(file_name);
  app.add_option("--prime", a.prime, "text to go on from");
  app.add_option("--temperature", a.temperature, "default 0.8; 0: always the likeliest character")->check(not_negative);
  app.add_option("--length", a.length, "characters, default 500")->transform(from_zero);
  app.add_option("--top-k", a.top_k, "only among so many of the likeliest; 0 (default): all")->transform(from_zero);
  add_seed(app, a.seed, "default 0");
  app.footer("\nExample:\n  rnnc sample charlm.rnn --from book.safetensors --prime 'The ' --length 300");
}

Failure usage_failure(const std::string& command, const std::string& what) {
  return {ExitCode::usage, command + ": " + what + "\n`" + command + " --help` says what there is\n"};
}

// --list-functions, wherever it stands: nothing else is looked at.
struct ListFunctions : CLI::Success {
  ListFunctions() : CLI::Success("list-functions", CLI::ExitCodes::Success) {}
};

// Parses the words of one command. CLI11 takes them last first.
template <class T>
Arguments parse(const std::string& name, const std::string& description, std::vector<std::string> words) {
  CLI::App app(description, name);
  app.get_formatter()->column_width(28);
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  T arguments;
  define(app, arguments);
  if constexpr (std::is_same_v<T, CompileArguments>) {
    app.set_version_flag("--version", "rnnc " RNNC_VERSION);
    app.add_flag_callback("--list-functions", [] { throw ListFunctions(); }, "every function of the language");
    app.footer(main_examples);
  }
  std::reverse(words.begin(), words.end());
  try {
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return TextArguments{app.help()};
  } catch (const ListFunctions&) {
    return TextArguments{sema::list_functions()};
  } catch (const CLI::CallForVersion&) {
    return TextArguments{"rnnc " RNNC_VERSION "\n"};
  } catch (const CLI::Error& error) {
    throw usage_failure(name, error.what());
  }
  return arguments;
}

// What is trained and sampled reads a text.
void check_feed(const Arguments& arguments) {
  const auto* train = std::get_if<TrainArguments>(&arguments);
  if (train != nullptr && train->source.feed == sema::Feed::own)
    throw usage_failure("rnnc train", "with --feed=own the model does not read the text: use given, or mixed with --rate");
  const auto* sample = std::get_if<SampleArguments>(&arguments);
  if (sample != nullptr && sample->source.feed != sema::Feed::given)
    throw usage_failure("rnnc sample", "the model is fed with the characters drawn, as with --feed=given: leave it out");
}

void check_compile(const CompileArguments& a) {
  const auto usage = [](const std::string& what) { return usage_failure("rnnc", what); };
  if (a.output.empty() && a.emit.empty() && a.dump_after.empty() && !a.time_passes)
    throw usage("nothing to make: say -o OUT.cpp, or --emit=STAGE");
  if (!a.emit.empty() && !find_stage(a.emit))
    throw usage("--emit is one of " + joined(stage_names()) + ", not `" + a.emit + "`");
  if (!a.dump_after.empty() && a.dump_after != "all" && driver::find_pass(a.dump_after) == nullptr) {
    std::string names;
    for (const driver::Pass& pass : driver::passes()) names += ", " + std::string(pass.name);
    throw usage("--dump-after is all" + names + ", not `" + a.dump_after + "`");
  }
  if (!a.gradient && a.emit == "gradient") throw usage("--emit=gradient and --no-gradient contradict each other");
  if (a.output.size() > 2 && a.output.ends_with(".h"))
    throw usage("-o names the .cpp file; the header is written beside it");
}

}  // namespace

Arguments parse_arguments(std::vector<std::string> words) {
  const std::string command = words.empty() ? "" : words.front();
  const auto rest = [&] { return std::vector<std::string>(words.begin() + 1, words.end()); };
  if (command == "check")
    return parse<CheckArguments>("rnnc check", "Report the mistakes in sources, and make nothing.", rest());
  if (command == "fmt") return parse<FormatArguments>("rnnc fmt", "Lay sources out canonically.", rest());
  if (command == "eval") return parse<EvalArguments>("rnnc eval", "Run a model on tensors from a file.", rest());
  if (command == "gradcheck")
    return parse<GradcheckArguments>(
        "rnnc gradcheck", "Check a derived gradient against central differences, in double precision.", rest());
  if (command == "bench") return parse<BenchArguments>("rnnc bench", "Measure a model on random numbers.", rest());
  Arguments arguments =
      command == "train"    ? parse<TrainArguments>("rnnc train", "Train a character model on a text.", rest())
      : command == "sample" ? parse<SampleArguments>("rnnc sample", "Print text from a trained character model.", rest())
                            : parse<CompileArguments>("rnnc", main_help, std::move(words));
  check_feed(arguments);
  if (const auto* compile = std::get_if<CompileArguments>(&arguments)) check_compile(*compile);
  return arguments;
}

}  // namespace rnnc::cli
