#pragma once
#include "json/document.h"
#include "json/tree.h"

namespace weir::host::json {

struct Document::State {
  Tree tree;
  const char* broken = nullptr;       // why the bytes are no JSON; null: they are
  std::uint64_t settled_version = 1;  // of the tree, when the slot last got its bytes
};

/// How the rest of json/ looks into a document.
struct DocumentAccess {
  static Document::State& state(Document& document) { return *document.state_; }
  static void set_state(Document& document, Document::State& state) { document.state_ = &state; }
};

}  // namespace weir::host::json
