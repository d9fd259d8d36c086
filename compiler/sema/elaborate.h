// From AST to Program: dimensions are bound, cells and functions instantiated, shapes and index kinds checked once.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/program.h"
#include "dsl/ast.h"
#include "dsl/diagnostics.h"

namespace rnnc::sema {

// What stands for the inputs that say what they are fed with (`input y_before : [O] = y[t-1]`).
enum class Feed : std::uint8_t {
  given,  // what the caller passes
  own,    // the model's own value
  mixed   // at a share of the steps of every row, drawn at random, the model's own; the call says how large it is
};

struct Options {
  std::map<std::string, std::int64_t> dimensions;  // -D NAME=N
  std::string entry;                               // --entry NAME, "" = the only model, else the only cell
  bool imports_anywhere = false;  // an import may be absolute, contain `..` or lead out by a link
  Feed feed = Feed::given;
  bool stand_ins = false;  // a dimension without a value gets one: what is checked is not run
  // Values by their full names (`l1.h`) that become further outputs, `@watch/l1.h`, through which no gradient comes.
  std::vector<std::string> watch;
};

// Reads the text of an import. `from` is the name of the importing file, `path` as written; gives the resolved name and
// the text, or nothing when there is no such file.
struct ImportedText {
  std::string name, text;
  bool outside = false;  // it lies where imports must not lead
  std::string identity;  // the same for all names of one file, as links give it; "": the name
};
using ImportReader = std::function<std::optional<ImportedText>(const std::string& from, const std::string& path)>;

// Where each Origin of the Program was written.
struct Origins {
  std::vector<dsl::Span> spans{dsl::Span{}};  // [0] is nowhere
};

struct Elaborated {
  ir::Program program;
  Origins origins;
};

// Compiles file `file` of `sources` (imports are added to it) into the forward Program: outputs, final states and loss
// as results. Nothing when there were errors, which are in `diagnostics`.
std::optional<Elaborated> elaborate(dsl::SourceMap& sources, std::int32_t file, const Options& options,
                                    const ImportReader& read_import, dsl::Diagnostics& diagnostics);

// Only checks: the entry if the options name one, else every model of the file and every cell that nothing in the file
// calls (called ones are checked as they are called), with stand-ins for dimensions without a value. A value in the
// options goes to every unit that has the dimension.
void check_file(dsl::SourceMap& sources, std::int32_t file, const Options& options, const ImportReader& read_import,
                dsl::Diagnostics& diagnostics);

}  // namespace rnnc::sema
