#include "record/slice.h"

#include <algorithm>

namespace weir::host {

Record* Slice::make() {
  auto* record = arena_.make<Record>();
  record->slice = this;
  ++unsettled_;
  made_ = true;
  order_known_ = false;
  return record;
}

void Slice::link_after(Record* place, Record& record) {
  Record*& link = place == nullptr ? first_ : place->next_;
  record.next_ = link;
  link = &record;
  if (record.next_ == nullptr) last_ = &record;
}

Record* Slice::append(Origin& origin) {
  Record* record = make();
  record->origin = &origin;
  ++origin.outstanding;
  link_after(last_, *record);
  return record;
}

Record* Slice::clone(Record& parent) {
  Record* place = &parent;
  while (place->last_clone_ != nullptr) place = place->last_clone_;
  Record* root = &parent;
  while (root->parent != nullptr) root = root->parent;

  Record* record = make();
  Record* const next = record->next_;
  *record = parent;
  record->next_ = next;
  record->last_clone_ = nullptr;
  record->parent = &parent;
  record->fate = Fate::live;
  record->failure = nullptr;
  record->clone_count = 0;
  record->clone_number = ++root->clone_count;
  for (Slot& slot : record->slots) slot.document = nullptr;
  ++record->origin->outstanding;
  for (std::uint32_t i = 0; i < record->extra_origin_count; ++i) ++record->extra_origins[i]->outstanding;

  link_after(place, *record);
  parent.last_clone_ = record;
  ++tally_.cloned;
  return record;
}

Record* Slice::merge(std::span<Record* const> from, Origin* fallback) {
  Record* record = make();
  ++tally_.emitted;
  if (from.empty()) {
    record->origin = fallback != nullptr ? fallback : origins_->detached();
    ++record->origin->outstanding;
    ++tally_.cloned;
  } else {
    const Record& like = *from.front();
    const auto copy = [this](Bytes bytes) { return is_null(bytes) ? kNullBytes : arena_.copy(view(bytes)); };
    const auto copy_headers = [&](const Headers& headers) {
      auto* all = arena_.make_array<Header>(headers.count);
      std::transform(headers.first, headers.first + headers.count, all, [&](const Header& header) {
        return Header{copy(header.name), copy(header.value)};
      });
      return Headers{all, headers.count};
    };
    for (int slot : {WEIR_KEY, WEIR_VALUE}) record->slots[slot].bytes = copy(like.slots[slot].bytes);
    record->headers = copy_headers(like.headers);
    record->topic = copy(like.topic);
    record->timestamp_ms = like.timestamp_ms;
    record->partition = like.partition;
    if (from.size() == 1) {
      for (int slot : {WEIR_KEY, WEIR_VALUE}) record->original[slot] = copy(like.original[slot]);
      record->original_headers = copy_headers(like.original_headers);
      record->clone_number = like.clone_number;
      record->sealed = like.sealed;
    }
    adopt_origins(*record, from);
    tally_.merged += from.size() - 1;
  }
  link_after(last_, *record);
  return record;
}

void Slice::adopt_origins(Record& record, std::span<Record* const> from) {
  std::size_t most = 0;
  for (const Record* each : from) most += 1 + each->extra_origin_count;
  auto* all = arena_.make_array<Origin*>(most);
  std::uint32_t count = 0;
  for (Record* each : from) {
    all[count++] = each->origin;
    for (std::uint32_t i = 0; i < each->extra_origin_count; ++i) all[count++] = each->extra_origins[i];
    each->fate = Fate::merged;
    each->slice->count_settled();
  }
  // Each of `from` counted once on each of its origins; the new record counts once on each distinct one.
  std::sort(all, all + count);
  std::uint32_t distinct = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0 && all[i] == all[i - 1]) {
      --all[i]->outstanding;
    } else {
      all[distinct++] = all[i];
    }
  }
  // Dead letters tell the position of `origin`: that of the first record, as a reader expects.
  std::swap(all[0], *std::find(all, all + distinct, from.front()->origin));
  record.origin = all[0];
  record.extra_origins = all + 1;
  record.extra_origin_count = distinct - 1;
}

void Slice::seal() {
  made_ = false;
  for (Record* record = first_; record != nullptr; record = record->next_) record->seal();
}

const std::vector<Record*>& Slice::records() const {
  if (!order_known_) {
    order_.clear();
    for (Record* record = first_; record != nullptr; record = record->next_) order_.push_back(record);
    order_known_ = true;
  }
  return order_;
}

void Slice::drop_documents() {
  if (scratch_.capacity() == 0) return;
  for (Record* record = first_; record != nullptr; record = record->next_) {
    for (Slot& slot : record->slots) slot.document = nullptr;
  }
  scratch_.reset();
}

void Slice::recycle() {
  arena_.reset();
  scratch_.reset();
  order_.clear();
  order_known_ = true;
  first_ = last_ = nullptr;
  unsettled_ = 0;
  failed_ = made_ = false;
  tally_ = {};
  entry = nullptr;
  if (origins_.use_count() == 1) {
    origins_->clear();
  } else {
    origins_ = std::make_shared<OriginBlock>();
  }
}

}  // namespace weir::host
