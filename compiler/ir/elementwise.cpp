#include "compiler/ir/elementwise.h"

#include <string>
#include <unordered_map>

#include "compiler/base/bug.h"
#include "compiler/ir/elementwise_rows.h"

namespace rnnc::ir {
namespace {

struct Table {
  std::vector<Elementwise> rows;
  std::unordered_map<std::string_view, ElementwiseId> by_name;
};

Table make_table() {
  Table table;
  for (auto part : {arithmetic_rows, logic_rows, exponential_rows, logarithm_rows, trigonometry_rows,
                    error_function_rows, defined_rows}) {
    for (Elementwise& row : part()) table.rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const bool is_new = table.by_name.emplace(table.rows[i].name, ElementwiseId(i)).second;
    check(is_new, "two elementwise functions of one name");
  }
  return table;
}

const Table& table() {
  static const Table the_table = make_table();
  return the_table;
}

}  // namespace

std::span<const Elementwise> elementwise_table() { return table().rows; }

const Elementwise& elementwise(ElementwiseId id) {
  check(id.valid() && id.index() < table().rows.size(), "elementwise function id out of range");
  return table().rows[id.index()];
}

std::optional<ElementwiseId> find_elementwise(std::string_view name) {
  const auto found = table().by_name.find(name);
  if (found == table().by_name.end()) return std::nullopt;
  return found->second;
}

ElementwiseId elementwise_id(std::string_view name) {
  const auto id = find_elementwise(name);
  if (!id) throw Bug("no elementwise function is called `" + std::string(name) + "`");
  return *id;
}

}  // namespace rnnc::ir
