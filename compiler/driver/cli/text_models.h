// Character models: how a text and a checkpoint bind a model's dimensions.
#pragma once

#include "compiler/driver/cli/session.h"
#include "runtime/text.h"

namespace rnnc::cli {

// Binds the entry's dimension V, if it has one and -D does not say otherwise, to the vocabulary's size.
void bind_vocabulary(driver::Compilation& compilation, const runtime::Vocabulary& vocabulary);

// Whether the entry's only loss is the cross entropy of every character, as a mean: nats per character.
bool is_loss_per_character(const driver::Compilation& compilation);

// The dimensions and the entry of a compilation as metadata of a checkpoint, so that sampling need not be told again.
std::map<std::string, std::string> describe_source(const driver::Compilation& compilation);
// And back; what the command line says comes first. Throws Failure where the metadata are not such.
void apply_description(const std::map<std::string, std::string>& metadata, driver::Compilation& compilation);

}  // namespace rnnc::cli
