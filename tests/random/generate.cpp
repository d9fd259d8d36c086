#include "tests/random/generate.h"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include "tests/random/expressions.h"

namespace rnnc::testing {

namespace {

std::string shape_text(const Shape& shape) {
  std::string text;
  for (const Extent& extent : shape) text += (text.empty() ? " : [" : ", ") + extent.text;
  return text.empty() ? "" : text + "]";
}

Extent plain(std::int64_t size) { return {size, std::to_string(size)}; }

// A cell of dimensions I and H that models make instances of. It takes a sequence of I numbers.
struct Cell {
  std::string name;
  Extent inputs, hidden;
  bool per_row = false;       // and I numbers per row
  bool may_reverse = true;
  std::string state;          // of its first state: for an initial value
  std::vector<Name> members;  // sequences, by their names inside
  std::optional<Name> value;  // what an instance stands for by itself
};

class Writer {
 public:
  explicit Writer(std::uint64_t seed) : random_{std::mt19937_64(seed)} {
    // Small programs are checked quickly: most are.
    const std::int64_t draw = random_.below(10);
    depth_ = draw < 4 ? 1 : draw < 8 ? 2 : 3;
    looks_back_ = random_.chance(35);
  }

  Case write(std::uint64_t seed) {
    Case c;
    c.seed = seed;
    preamble();
    for (std::int64_t i = random_.below(depth_); i > 0; --i) cell();
    model();
    for (const std::string& line : lines_) c.source += line + "\n";
    const std::int64_t length = random_.below(10);
    c.steps = length < 4 ? random_.between(0, 4) : length < 9 ? random_.between(3, 12) : random_.between(13, 40);
    c.other_steps = random_.between(0, 7);
    c.rows = random_.chance(80) ? random_.between(1, 5) : random_.between(6, 21);
    c.ragged = random_.chance(40);
    static constexpr std::array targets = {"avx2", "avx2", "avx512", "avx512", "sse2"};
    c.target = random_.of(targets);
    static constexpr std::array feeds = {"given", "own", "mixed"};
    if (fed_) c.feed = random_.of(feeds);
    if (c.feed == "mixed") c.rate = 0.25 * static_cast<double>(random_.below(5));
    if (random_.chance(70)) c.block = random_.between(1, 24);
    return c;
  }

 private:
  // The largest take more vectors than a kernel has accumulators, whatever the type and the target.
  static constexpr std::array<std::int64_t, 16> sizes = {1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 20, 33, 50, 101};

  std::int64_t any_size() { return sizes[static_cast<std::size_t>(random_.below(random_.chance(75) ? 9 : 16))]; }

  Scope scope(std::vector<Extent> extents) {
    Scope made(random_, std::move(extents));
    made.functions = functions_;
    made.constants = constants_;
    made.readers = readers_;
    made.looks_back = looks_back_;
    return made;
  }

  void preamble() {
    if (random_.chance(40)) {
      lines_.push_back("const k0 = 0.4");
      constants_.push_back("k0");
    }
    if (random_.chance(20)) {
      lines_.push_back("fn f1(a) = a - 0.5 * a[t-1] + 0.25 * a[t-3]");
      readers_.push_back("f1");
    }
    if (random_.chance(20)) {
      lines_.push_back("fn l0(e, w) = mean(square(e)) + w * sum(abs(e))");
      losses_.push_back("l0");
    }
    if (random_.chance(60)) return;
    static constexpr std::array bodies = {"a * sigmoid(b)", "tanh(a + 0.5 * b)", "where(a > b, a, 0.3 * b)",
                                          "(1 - sigmoid(b)) * a", "max(a, b) - 0.1 * a"};
    static constexpr std::array derivatives = {"", "", " derivative [tanh(b), 0.5 * a]", " derivative [1, 0]"};
    lines_.push_back("fn f0(a, b) = " + std::string(random_.of(bodies)) + random_.of(derivatives));
    functions_.push_back("f0");
  }

  // A single number that varies by step for certain.
  static std::string varying(Scope& in, const Place& place) {
    std::vector<Name> sequences;
    for (const Name& name : in.names)
      if (name.varies == Varies::by_step && name.axis == place.axis && name.index_extent == 0 &&
          (place.own_group || name.direction == 0))
        sequences.push_back(name);
    if (sequences.empty()) return "(0.1 * t)";
    const Name chosen = in.random.of(sequences);
    const std::string read = in.shifted(chosen, place);
    return chosen.shape.empty() ? read : "mean(" + read + ")";
  }
  static std::string sequence(Scope& in, const Shape& shape, const Place& place, int depth) {
    const std::string operation = in.random.chance(50) ? " + " : " * ";
    return in.expression(shape, place, depth) + operation + varying(in, place);
  }

  // States that need each other, and equations between them. The axis of a cell is its inputs'.
  void group(Scope& in, int axis, const std::string& over, std::vector<std::string>& body) {
    const int direction = looks_back_ || random_.chance(75) ? 1 : -1;
    std::vector<Name> states;
    for (std::int64_t i = random_.between(1, depth_); i > 0; --i) {
      Name state{in.fresh("s"), in.any_shape(2), Varies::by_step, axis, false, direction};
      std::string start;
      if (random_.chance(20)) start = " = " + in.number();
      else if (random_.chance(20)) start = " = " + in.parameter(state.shape);
      else if (random_.chance(25)) start = " = " + in.expression(state.shape, {Varies::per_row, axis, false}, 2);
      in.declarations.push_back("state " + state.text + shape_text(state.shape) + start + over);
      states.push_back(state);
    }
    in.names.insert(in.names.end(), states.begin(), states.end());
    const Place place{Varies::by_step, axis, true};
    for (const Name& state : states) {
      if (random_.chance(40)) {
        Name between{in.fresh("e"), in.any_shape(2), Varies::by_step, axis, true, direction};
        body.push_back(between.text + " = " + sequence(in, between.shape, place, depth_));
        in.names.push_back(between);
      }
      const std::string lag = random_.chance(75) ? "1" : std::to_string(random_.between(2, 3));
      const std::string own = state.text + (direction > 0 ? "[t-" : "[t+");
      if (random_.chance(4)) {  // the same at every step, and yet a sequence
        body.push_back(state.text + " = " + in.expression(state.shape, {Varies::never, axis, false}, 1));
        for (Name& name : in.names)
          if (name.text == state.text) name.at_this_step = true;
        continue;
      }
      const std::string before = random_.chance(90) ? own + lag + "]" : "";
      std::string value = in.bounded(state.shape, place, depth_, before);
      // Of two steps of its own at once, the further one is met later.
      if (random_.chance(20))
        value = "0.6 * (" + value + ") + 0.3 * " + own + std::to_string(random_.between(2, 4)) + "]";
      body.push_back(state.text + " = " + (before.empty() ? value + " * " + varying(in, place) : value));
      for (Name& name : in.names)
        if (name.text == state.text) name.at_this_step = true;
    }
    for (Name& name : in.names) name.direction = 0;
  }

  void equation(Scope& in, int axis, std::vector<std::string>& body) {
    const Place place{Varies::by_step, axis, true};
    Name name{in.fresh("e"), in.any_shape(3), Varies::by_step, axis};
    // Some are of the step alone, which whoever reads them at another step or at the last may not notice.
    const bool of_step = in.may_use_t && random_.chance(12);
    const std::string value = of_step ? in.of_step(name.shape) : sequence(in, name.shape, place, depth_ + 1);
    if (!of_step && random_.chance(15)) {
      // Inner steps.
      const std::string last = std::to_string(random_.between(1, 3));
      body.push_back(name.text + "[0] = " + value);
      body.push_back("for k in 1.." + last + " { " + name.text + "[k] = 0.5 * " + name.text + "[k-1] + tanh(k * " +
                     in.expression(name.shape, place, 1) + " - " + name.text + "[k-1]) }");
      name.text += "[" + last + "]";
    } else {
      body.push_back(name.text + " = " + value);
    }
    in.names.push_back(name);
  }

  void cell() {
    Cell made;
    made.name = "C" + std::to_string(cells_.size());
    made.inputs = {any_size(), "I"};
    made.hidden = {any_size(), "H"};
    Scope in = scope({made.inputs, made.hidden, {made.inputs.size + made.hidden.size, "I+H"}});
    in.may_use_t = random_.chance(20);
    made.may_reverse = !in.may_use_t;
    in.declarations.push_back("input x : [I]");
    in.names.push_back({"x", {made.inputs}, Varies::by_step});
    if (random_.chance(25)) {
      made.per_row = true;
      in.declarations.push_back("input r : [I] per row");
      in.names.push_back({"r", {made.inputs}, Varies::per_row});
    }
    std::vector<std::string> body;
    if (!cells_.empty() && random_.chance(30)) made.may_reverse &= instance(in, 0, body);
    group(in, 0, "", body);
    if (random_.chance(40)) equation(in, 0, body);
    for (const Name& name : in.names)
      if (name.varies == Varies::by_step && name.text != "x") {
        made.members.push_back(name);
        if (made.state.empty() && name.text[0] == 's' && same(name.shape, {made.hidden})) made.state = name.text;
        if (!made.value && name.text[0] == 's') made.value = name;
      }
    if (random_.chance(20)) {
      made.value = random_.of(made.members);
      if (made.value->text.find_first_of(".[") == std::string::npos) body.push_back("output " + made.value->text);
      else made.value.reset();
    }
    finish("cell " + made.name + "(I, H)", in, body);
    cells_.push_back(made);
  }

  void finish(const std::string& head, const Scope& in, const std::vector<std::string>& body) {
    lines_.push_back(head + " {");
    for (const std::string& line : in.declarations) lines_.push_back("  " + line);
    for (const std::string& line : body) lines_.push_back("  " + line.substr(0, line.find(hole)) + after_hole(line));
    lines_.push_back("}");
  }

  // What stands behind an instance's first argument until a later instance feeds it, if one does. Both run left to right, in
  // programs that look nowhere else.
  static constexpr std::string_view hole = " @@";
  static std::string after_hole(const std::string& line) {
    const std::size_t at = line.find(hole);
    return at == std::string::npos ? "" : line.substr(at + hole.size() + 1);
  }
  void feed_earlier(const std::string& member, const Name& name, int axis, std::vector<std::string>& body) {
    const std::string value = name.shape.empty() ? member + "[t-1]" : "mean(" + member + "[t-1])";
    for (std::size_t i = 0; i + 1 < body.size(); ++i)
      if (body[i].find(std::string(hole) + std::to_string(axis)) != std::string::npos && random_.chance(40))
        body[i] = body[i].substr(0, body[i].find(hole)) + " + 0.3 * tanh(" + value + ")" + after_hole(body[i]);
  }

  // name = CELL(I, H)(…), its members known from then on; or several of them above each other. False if its cell cannot
  // be turned round.
  bool instance(Scope& in, int axis, std::vector<std::string>& body) {
    const Cell cell = random_.of(cells_);
    const Place place{Varies::by_step, axis, true};
    const std::string inputs = std::to_string(cell.inputs.size), hidden = std::to_string(cell.hidden.size);
    const auto call = [&](const std::string& input) {
      const bool turned = cell.may_reverse && !looks_back_ && random_.chance(30);
      const std::array<std::string, 4> dims = {inputs + ", " + hidden, inputs + ", " + hidden, "H = " + hidden,
                                               "H = " + hidden + ", I = " + inputs};
      std::string text = (turned ? "reverse " : "") + cell.name + "(" + random_.of(dims) + ")(" + input;
      if (cell.per_row) text += ", " + in.expression({plain(cell.inputs.size)}, {Varies::per_row, axis, true}, 2);
      if (!cell.state.empty() && random_.chance(30))
        text += ", " + cell.state + " = " + in.expression({plain(cell.hidden.size)}, {Varies::per_row, axis, true}, 2);
      return text + ")";
    };
    std::string name = in.fresh("l");
    std::string first = sequence(in, {plain(cell.inputs.size)}, place, 2);
    if (looks_back_) first = "(" + first + ")" + std::string(hole) + std::to_string(axis);
    const auto fits = std::find_if(cell.members.begin(), cell.members.end(),
                                   [&](const Name& m) { return same(m.shape, {cell.inputs}); });
    if (fits != cell.members.end() && random_.chance(60)) {
      const std::string last = std::to_string(random_.between(1, 2));
      body.push_back(name + "[0] = " + call(first));
      body.push_back("for k in 1.." + last + " { " + name + "[k] = " + call(name + "[k-1]." + fits->text) + " }");
      name += "[" + last + "]";
    } else {
      body.push_back(name + " = " + call(first));
    }
    const auto add = [&](const std::string& text, const Name& member) {
      Shape shape;
      for (const Extent& extent : member.shape) shape.push_back(plain(extent.size));
      in.names.push_back({text, shape, Varies::by_step, axis});
    };
    for (const Name& member : cell.members) add(name + "." + member.text, member);
    if (cell.value) add(name, *cell.value);
    if (looks_back_) feed_earlier(name + "." + cell.members[0].text, cell.members[0], axis, body);
    return cell.may_reverse;
  }

  void inputs(Scope& in, int axis, const std::string& over) {
    const auto add = [&](const std::string& kind, Name name, const std::string& shape, const std::string& end) {
      if (looks_back_ && name.varies == Varies::by_step && name.shape.size() < 2 && end.empty() && random_.chance(40))
        fed_lines_.emplace_back(in.declarations.size(), name);
      in.declarations.push_back(kind + " " + name.text + shape + end);
      in.names.push_back(std::move(name));
    };
    for (std::int64_t i = axis > 0 || random_.chance(95) ? random_.between(1, 2) : 0; i > 0; --i) {
      const Shape shape = in.any_shape(2);
      add("input", {in.fresh("x"), shape, Varies::by_step, axis}, shape_text(shape), over);
    }
    if (random_.chance(35)) {
      const Extent count = in.any_extent();
      add("input", {in.fresh("i"), {}, Varies::by_step, axis, true, 0, count.size}, " : index(" + count.text + ")", over);
    }
    if (axis > 0) return;
    if (random_.chance(30)) {
      const Shape shape = in.any_shape(2);
      add("input", {in.fresh("r"), shape, Varies::per_row}, shape_text(shape), " per row");
    }
    if (random_.chance(15)) {
      const Extent count = in.any_extent();
      add("input", {in.fresh("i"), {}, Varies::per_row, 0, true, 0, count.size}, " : index(" + count.text + ")", " per row");
    }
  }

  // A target of real numbers.
  std::string target(Scope& in, const Shape& shape, const std::string& end) {
    const std::string name = in.fresh("y");
    in.declarations.push_back("target " + name + shape_text(shape) + end);
    return name;
  }

  // One of an index, some of whose values may be ignored.
  std::string class_term(Scope& in, const Place& place, const std::string& end) {
    const Extent count = in.any_extent();
    const std::string name = in.fresh("y"), logits = in.expression({count}, place, depth_);
    in.declarations.push_back("target " + name + " : index(" + count.text + ")" + end);
    if (random_.chance(60)) return "cross_entropy(" + logits + ", " + name + ")";
    const std::int64_t ignored = random_.chance(50) ? random_.below(count.size) : -random_.between(1, 100);
    return "cross_entropy(" + logits + ", " + name + ", ignore = " + std::to_string(ignored) + ")";
  }

  // A loss with a name, which others read and carry on: where it counts hangs on none of them.
  std::string named_term(Scope& in, const Place& place, const std::string& end, std::vector<std::string>& body) {
    std::string name = in.fresh("e");
    body.push_back(name + " = " + class_term(in, place, end));
    if (place.most == Varies::per_row || random_.chance(40)) return name;
    const std::string before = name + (looks_back_ || random_.chance(70) ? "[t-1]" : "[t+1]");
    if (random_.chance(50)) body.push_back("output " + in.fresh("o") + " = " + before);
    if (random_.chance(50)) return random_.chance(50) ? name + " + 0.3 * " + before : "(" + name + " * " + before + ")";
    const std::string state = in.fresh("s");
    in.declarations.push_back("state " + state + over_of(end));
    body.push_back(state + " = 0.5 * " + state + "[t-1] + " + name);
    return random_.chance(50) ? state : "(" + state + " * " + name + ")";
  }
  static std::string over_of(const std::string& end) { return end.rfind(" over", 0) == 0 ? end : ""; }

  // Terms together, with weights of each or of all.
  std::string terms(Scope& in, int axis, const std::string& over, std::vector<std::string>& body) {
    const std::string first = term(in, axis, over, body);
    if (random_.chance(60)) return random_.chance(10) ? "-" + first : first;
    const std::string second = term(in, axis, over, body);
    switch (random_.below(4)) {
      case 0: return first + " - 0.1 * " + second;
      case 1: return "0.5 * (" + first + " - " + second + ")";
      case 2: return "(" + first + " + 3 * " + second + ") / 4";
      default: return first + " + 0.5 * " + second;
    }
  }

  std::string term(Scope& in, int axis, const std::string& over, std::vector<std::string>& body) {
    const bool per_row = random_.chance(25);
    const Place place{per_row ? Varies::per_row : Varies::by_step, axis, true};
    const std::string end = per_row ? " per row" : over;
    const Shape shape = random_.chance(60) ? Shape{in.any_extent()} : in.any_shape(2);
    static constexpr std::array errors = {"squared_error(", "absolute_error(", "mse("};
    const auto error = [&] {
      return random_.of(errors) + in.expression(shape, place, depth_) + ", " + target(in, shape, end) + ")";
    };
    if (random_.chance(15)) return named_term(in, place, end, body);
    switch (random_.below(8)) {
      case 0:
      case 1:
        if (!losses_.empty() && random_.chance(50)) return losses_[0] + "(" + in.expression(shape, place, depth_) + ", 0.3)";
        return error();
      case 2:
        return "sum(binary_cross_entropy(" + in.expression(shape, place, depth_) + ", " + target(in, shape, end) + "))";
      case 3:
      case 4: return class_term(in, place, end);
      case 5: {
        const Extent count = in.any_extent();
        return "cross_entropy(" + in.expression({count}, place, 2) + ", softmax(" + in.expression({count}, place, 2) + "))";
      }
      case 6: {
        // Weights that count some, all, or by how much; the sum over them must not nearly cancel.
        const std::string of = random_.chance(50) ? class_term(in, place, end) : error();
        const bool entries = of[0] != 'c' && random_.chance(50);
        const std::string weight = target(in, entries ? shape : Shape{}, end);
        static constexpr std::array kinds = {" > 0", " < 0.5", " * 0 + 1"};
        const std::string some = random_.chance(50) ? "square(" + weight + ")" : weight + random_.of(kinds);
        return "mean(" + of + ", weight = " + some + ")";
      }
      default: {
        const std::string start = random_.chance(50) ? "0.3 * mean(square(" : "0.1 * sum(square(";
        return start + in.expression(shape, place, depth_) + "))";
      }
    }
  }

  // What the model reads is what it made a step before, where it runs on its own output.
  void feed(Scope& in) {
    std::vector<Name> made;
    for (const Name& name : in.names)
      if (name.varies == Varies::by_step && name.index_extent == 0 && name.shape.size() < 2) made.push_back(name);
    if (made.empty()) return;
    for (const auto& [line, input] : fed_lines_) {
      const Name from = random_.of(made);
      const std::string lag = random_.chance(80) ? "[t-1]" : "[t-2]";
      const Shape wanted = input.index_extent > 0 ? Shape{plain(input.index_extent)} : input.shape;
      std::string value = from.text + lag;
      if (!same(from.shape, wanted)) {
        const bool product = from.shape.size() == 1 && wanted.size() == 1;
        const std::string matrix = in.parameter(product ? Shape{wanted[0], from.shape[0]} : wanted);
        const std::string one = from.shape.empty() ? value : "mean(" + value + ")";
        value = product ? matrix + " @ " + value : one + " * " + matrix;
      }
      static constexpr std::array reals = {"tanh(", "stop_gradient(sigmoid(", "hard_tanh("};
      std::string start = random_.of(reals);
      if (input.index_extent > 0) start = random_.chance(50) ? "argmax(" : "sample(2 * ";
      in.declarations[line] += " = " + start + value + (start.find('(') == start.rfind('(') ? ")" : "))");
    }
    fed_ = !fed_lines_.empty();
  }

  void model() {
    std::vector<Extent> extents;
    std::string head;
    for (std::int64_t i = random_.between(2, 4); i > 0; --i) {
      const Extent extent{any_size(), std::string(1, static_cast<char>('A' + i))};
      head += (head.empty() ? "(" : ", ") + extent.text + " = " + std::to_string(extent.size);
      extents.push_back(extent);
    }
    if (random_.chance(30)) extents.push_back({2 * extents[0].size, "2*" + extents[0].text});
    Scope in = scope(extents);
    std::vector<std::string> body;
    const int axes = random_.chance(20) ? 2 : 1;
    in.may_use_t = axes == 1;
    std::string over;
    for (int axis = 0; axis < axes; ++axis) {
      over = axes == 1 ? "" : axis == 0 ? " over source" : " over result";
      inputs(in, axis, over);
      for (std::int64_t i = random_.between(1, axes == 1 ? depth_ : 1); i > 0; --i) {
        const std::int64_t kind = random_.below(10);
        const bool has_sequence = std::any_of(in.names.begin(), in.names.end(), [&](const Name& name) {
          return name.varies == Varies::by_step && name.axis == axis && name.index_extent == 0;
        });
        if (kind < 3 && !cells_.empty() && has_sequence) instance(in, axis, body);
        else if (kind < 5 && has_sequence) equation(in, axis, body);
        else group(in, axis, over, body);
      }
    }
    const int last = axes - 1;
    for (std::int64_t i = random_.between(1, depth_); i > 0; --i) {
      const Place place{random_.chance(25) ? Varies::per_row : Varies::by_step, static_cast<int>(random_.below(axes)), true};
      const Shape shape = in.any_shape(2);
      body.push_back("output " + in.fresh("o") + " = " + in.expression(shape, place, 2));
    }
    for (std::int64_t i = random_.below(3); i > 0; --i) {
      body.push_back("loss " + terms(in, last, over, body));
    }
    if (axes == 1) feed(in);
    finish("model M" + head + ")", in, body);
  }

  Random random_;
  int depth_ = 2;  // of expressions, and how much there is of everything
  bool looks_back_ = false;  // and nowhere else, as what feeds itself must
  bool fed_ = false;
  std::vector<std::pair<std::size_t, Name>> fed_lines_;  // inputs that may be fed, with the line that declares each
  std::vector<std::string> lines_, functions_, constants_, readers_, losses_;
  std::vector<Cell> cells_;
};

}  // namespace

Case random_case(std::uint64_t seed) { return Writer(seed).write(seed); }

std::string case_text(const Case& c) {
  std::ostringstream text;
  text << "# run: steps=" << c.steps << " other_steps=" << c.other_steps << " rows=" << c.rows
       << " ragged=" << (c.ragged ? 1 : 0) << " target=" << c.target << " block=" << c.block << " feed=" << c.feed
       << " rate=" << c.rate << " seed=" << c.seed << "\n"
       << c.source;
  return text.str();
}

Case parse_case(const std::string& text) {
  Case c;
  c.source = text;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("# run: ", 0) != 0) continue;
    std::istringstream words(line.substr(7));
    for (std::string word; words >> word;) {
      const std::size_t equals = word.find('=');
      const std::string name = word.substr(0, equals), value = word.substr(equals + 1);
      if (name == "steps") c.steps = std::stoll(value);
      if (name == "other_steps") c.other_steps = std::stoll(value);
      if (name == "rows") c.rows = std::stoll(value);
      if (name == "ragged") c.ragged = value == "1";
      if (name == "target") c.target = value;
      if (name == "block") c.block = std::stoll(value);
      if (name == "feed") c.feed = value;
      if (name == "rate") c.rate = std::stod(value);
      if (name == "seed") c.seed = std::stoull(value);
    }
    c.source.erase(text.find(line), line.size() + 1);
    break;
  }
  return c;
}

}  // namespace rnnc::testing
