#include "tests/random/shrink.h"

#include <algorithm>
#include <optional>

#include "dsl/diagnostics.h"
#include "dsl/parser.h"
#include "tests/random/source_text.h"

namespace rnnc::testing {

namespace {

using dsl::ExprPtr;

std::optional<dsl::File> parsed(const std::string& source) {
  dsl::SourceMap sources;
  dsl::Diagnostics diagnostics;
  const std::int32_t file = sources.add("shrink.rnn", source);
  dsl::File ast = dsl::parse(sources, file, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return ast;
}

// Every place of a file that holds an expression which another may replace, in one order for one text.
class Places {
 public:
  explicit Places(dsl::File& file) {
    for (dsl::ConstantDecl& constant : file.constants) add(constant.value);
    for (dsl::FunctionDecl& function : file.functions) add(function.body);
    for (dsl::Unit& unit : file.units) {
      for (dsl::Dimension& dimension : unit.dimensions) add(dimension.fallback);
      add(unit.members);
    }
  }
  std::vector<ExprPtr*> all;

 private:
  void add(std::vector<dsl::Member>& members) {
    for (dsl::Member& member : members) {
      if (member.declaration)
        for (auto& item : member.declaration->items) {
          add(item.initial);
          for (ExprPtr& extent : item.shape.extents) add(extent);
        }
      if (member.equation) add(member.equation->value);
      if (member.output)
        for (auto& item : member.output->items) add(item.value);
      if (member.loss) add(member.loss->value);
      if (member.loop) add(member.loop->body);
    }
  }
  void add(ExprPtr& expr) {
    if (!expr) return;
    all.push_back(&expr);
    for (ExprPtr& operand : expr->operands) add(operand);
  }
};

ExprPtr number(double value, const std::string& text) {
  auto expr = std::make_unique<dsl::Expr>();
  expr->kind = dsl::ExprKind::number;
  expr->number = value;
  expr->text = text;
  return expr;
}

// The members of a file in one row, loops' bodies after them; removes number `index`. False if there is none.
bool remove_member(std::vector<dsl::Member>& members, std::size_t& index) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (index-- == 0) {
      members.erase(members.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    }
    if (members[i].loop && remove_member(members[i].loop->body, index)) return true;
  }
  return false;
}

bool remove_part(dsl::File& file, std::size_t index) {
  if (index < file.functions.size()) {
    file.functions.erase(file.functions.begin() + static_cast<std::ptrdiff_t>(index));
    return true;
  }
  index -= file.functions.size();
  if (index < file.constants.size()) {
    file.constants.erase(file.constants.begin() + static_cast<std::ptrdiff_t>(index));
    return true;
  }
  index -= file.constants.size();
  for (std::size_t u = 0; u < file.units.size(); ++u) {
    if (!file.units[u].is_model && index-- == 0) {
      file.units.erase(file.units.begin() + static_cast<std::ptrdiff_t>(u));
      return true;
    }
    if (remove_member(file.units[u].members, index)) return true;
  }
  return false;
}

class Shrinker {
 public:
  Shrinker(const Case& c, const std::function<bool(const Case&)>& fails, int tries)
      : best_(c), fails_(fails), tries_(tries) {}

  Case run() {
    for (bool better = true; better && tries_ > 0;) {
      better = numbers_of_run();
      better |= remove_parts();
      better |= simplify_expressions();
    }
    return best_;
  }

 private:
  bool take(Case candidate) {
    if (tries_-- <= 0 || !fails_(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }
  bool take_source(const std::string& source) {
    if (source == best_.source) return false;
    Case candidate = best_;
    candidate.source = source;
    return take(std::move(candidate));
  }

  bool numbers_of_run() {
    bool better = false;
    const auto lower = [&](auto Case::*member, auto to) {
      if (best_.*member == to) return;
      Case candidate = best_;
      candidate.*member = to;
      better |= take(std::move(candidate));
    };
    lower(&Case::ragged, false);
    lower(&Case::target, std::string("avx2"));
    lower(&Case::block, Case{}.block);
    lower(&Case::feed, std::string("given"));
    for (auto member : {&Case::steps, &Case::other_steps, &Case::rows})
      for (std::int64_t to : {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, best_.*member / 2, best_.*member - 1})
        if (to > 0 && to < best_.*member) lower(member, to);
    return better;
  }

  std::size_t part_count() const {
    std::size_t count = 0;
    for (auto file = parsed(best_.source); file && remove_part(*file, 0);) ++count;
    return count;
  }

  // Many at once, then fewer; from the end, as users stand behind what they use.
  bool remove_parts() {
    bool better = false;
    for (std::size_t size = std::max<std::size_t>(1, part_count() / 2);; size /= 2) {
      for (std::size_t end = part_count(); end >= size && end > 0;) {
        auto file = parsed(best_.source);
        for (std::size_t i = 0; i < size; ++i) remove_part(*file, end - size);
        better |= take_source(source_text(*file));
        end -= std::min(end, size);
      }
      if (size <= 1) return better;
    }
  }

  // One operand in the place of the whole, or a number; larger expressions first, as they stand first.
  bool simplify_expressions() {
    bool better = false;
    for (std::size_t at = 0;; ++at) {
      auto file = parsed(best_.source);
      if (!file || at >= Places(*file).all.size()) return better;
      const std::size_t operands = (*Places(*file).all[at])->operands.size();
      for (std::size_t choice = 0; choice < operands + 2; ++choice) {
        auto changed = parsed(best_.source);
        ExprPtr& place = *Places(*changed).all[at];
        if (choice < operands) {
          if (!place->operands[choice]) continue;
          ExprPtr part = std::move(place->operands[choice]);
          place = std::move(part);
        } else {
          if (place->kind == dsl::ExprKind::number && place->number <= static_cast<double>(choice - operands + 1)) continue;
          place = choice == operands ? number(1, "1") : number(2, "2");
        }
        if (!take_source(source_text(*changed))) continue;
        better = true;
        --at;
        break;
      }
    }
  }

  Case best_;
  const std::function<bool(const Case&)>& fails_;
  int tries_;
};

}  // namespace

Case shrink(const Case& c, const std::function<bool(const Case&)>& fails, int tries) {
  return Shrinker(c, fails, tries).run();
}

}  // namespace rnnc::testing
