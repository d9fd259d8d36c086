// What code can be made for, by name, and what suits this processor.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "compiler/ir/program.h"
#include "compiler/loop/loop_ir.h"

namespace rnnc::driver {

// What --target and CompileOptions::target may say: `native`, which leaves the choice to native_target, or a target.
std::span<const std::string_view> target_names();
bool is_target_name(std::string_view name);
// The target of this name; nothing for `native` and for what is no target's name.
std::optional<loop::Target> find_target(std::string_view name);

// The widest vectors that this processor has and that the program's sizes fill: narrower ones where these take over a
// tenth less work, as 8 lanes do where 24 units would leave every fourth of 32 lanes empty. What it chooses depends on
// the machine, hence the last bits of results do, too.
loop::Target native_target(const ir::Program& program, loop::Element element);

}  // namespace rnnc::driver
