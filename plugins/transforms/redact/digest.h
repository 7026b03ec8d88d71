#pragma once
#include <memory>

#include "text_action.h"

namespace weir::plugins {

/// SHA-256 of the text's bytes, in hex. Whoever can guess a text can find it again.
class Hash final : public TextAction {
 public:
  Refusal apply(std::string_view text, std::string& out) override;
  [[nodiscard]] bool writes_plain() const override { return true; }
};

enum class Normalize { none, lower_trim };

/// HMAC-SHA-256 (RFC 2104) of the text's bytes under a secret, in hex: the same person gets the same pseudonym, and nobody without
/// the secret can find it. The key's blocks are hashed once, here; a text then costs two more blocks.
class Pseudonym final : public TextAction {
 public:
  Pseudonym(std::string_view secret, Normalize normalize);
  ~Pseudonym() override;  // wipes what comes of the secret
  Refusal apply(std::string_view text, std::string& out) override;
  [[nodiscard]] bool writes_plain() const override { return true; }

 private:
  struct Keyed;
  std::unique_ptr<Keyed> keyed_;
  Normalize normalize_;
};

}  // namespace weir::plugins
