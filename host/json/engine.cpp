#include "json/engine.h"

#include <array>

#include "json/compiled_condition.h"
#include "json/document_state.h"
#include "record/slice.h"

namespace weir::host::json {

struct Engine::Parts {
  using Plans = std::array<Plan, 2>;
  std::shared_ptr<Plans> plans;  // shared: siblings end in any order
  Scratch scratch;
  const char* reason = "";
  const PlanPath* path = nullptr;

  [[nodiscard]] Plan& plan(int slot) const { return (*plans)[slot == WEIR_KEY ? 0 : 1]; }
  void make_document(Record& record, int slot);
};

Engine::Engine() : parts_(std::make_unique<Parts>()) { parts_->plans = std::make_shared<Parts::Plans>(); }
Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Engine::~Engine() = default;

Plan& Engine::plan(int slot) { return parts_->plan(slot); }

std::unique_ptr<Engine> Engine::sibling() const {
  auto parts = std::make_unique<Parts>();
  parts->plans = parts_->plans;
  return std::unique_ptr<Engine>(new Engine(std::move(parts)));  // the constructor is private
}

void Engine::adopt(Slice& slice) {
  for (Record* record : slice.records()) {
    for (const Slot& slot : record->slots) {
      if (slot.document != nullptr) DocumentAccess::state(*slot.document).tree.scratch = &parts_->scratch;
    }
  }
}

/// The places of one record may take half of the pipeline's memory (P9), whatever its paths name.
void Engine::Parts::make_document(Record& record, int slot) {
  Arena& arena = record.slice->scratch();
  scratch.trim();
  auto* const document = arena.make<Document>();
  auto* const state = arena.make<Document::State>();
  Tree& tree = state->tree;
  tree.scratch = &scratch;
  tree.arena = &arena;
  tree.places = record.slice->home().memory->limit() / 2 / sizeof(Place);
  tree.root = arena.make<Place>();
  const Plan::Compiled& compiled = plan(slot).compiled();
  const Node& root = compiled.root();
  tree.single_count = compiled.singles;
  tree.singles = arena.make_array<Place*>(compiled.singles);
  tree.singles[root.single] = tree.root;
  tree.root->nodes = {root.closure.data(), static_cast<std::uint32_t>(root.closure.size())};
  if (!scratch.scanner.scan(view(record.slots[slot].bytes), *tree.root, arena, tree.places, tree.singles))
    state->broken = scratch.scanner.reason();
  tree.doubtful = scratch.scanner.met_duplicates();
  DocumentAccess::set_state(*document, *state);
  record.slots[slot].document = document;
}

weir_status Engine::open(Record& record, int slot, Document*& out) {
  if (record.slots[slot].document == nullptr) {
    if (is_null(record.slots[slot].bytes)) return WEIR_NOT_FOUND;
    parts_->make_document(record, slot);
  }
  out = record.slots[slot].document;
  const char* const broken = DocumentAccess::state(*out).broken;
  if (broken == nullptr) return WEIR_OK;
  parts_->reason = broken;
  parts_->path = nullptr;
  return WEIR_E_DATA;
}

void Engine::settle_bytes(Record& record, int slot) {
  if (record.slots[slot].document == nullptr) return;
  Document::State& state = DocumentAccess::state(*record.slots[slot].document);
  if (state.broken != nullptr || state.settled_version == state.tree.version) return;
  record.slots[slot].bytes = bytes_of(current_document(state.tree, record.slice->arena()));
  state.settled_version = state.tree.version;
}

weir_status Engine::matches(const PlanCondition& condition, Record& record) {
  Document* document = nullptr;
  const weir_status status = open(record, WEIR_VALUE, document);
  if (status != WEIR_OK) return status;
  Tree& tree = DocumentAccess::state(*document).tree;
  const PlanPath* at = nullptr;
  const weir_status result = condition.test(tree, at);
  if (result < 0) {
    parts_->reason = tree.reason;
    parts_->path = at;
  }
  return result;
}

const char* Engine::reason() const { return parts_->reason; }
const PlanPath* Engine::reason_path() const { return parts_->path; }

}  // namespace weir::host::json
