#include "pipeline/position_log.h"

#include <algorithm>

namespace weir::host {

void PositionLog::admit(const std::shared_ptr<OriginBlock>& block) {
  if (block->origins().empty()) return;
  if (spare_.empty()) spare_.emplace_back();
  entries_.splice(entries_.end(), spare_, spare_.begin());
  const auto entry = std::prev(entries_.end());
  entry->block = block;
  entry->self = entry;
  block->entry = &*entry;
  block->unsettled = 0;
  for (const Origin& origin : block->origins()) {
    if (origin.settled()) {
      note_settled(origin);
    } else {
      ++block->unsettled;
    }
  }
  if (block->unsettled == 0) settle_entry(entry);
}

void PositionLog::release(Origin& origin) {
  if (--origin.outstanding > 0 || origin.open) return;
  note_settled(origin);
  OriginBlock& block = *origin.block;
  // No entry: a block that held nothing but a detached origin, made after its slice was admitted.
  if (--block.unsettled == 0 && block.entry != nullptr) settle_entry(block.entry->self);
}

void PositionLog::note_settled(const Origin& origin) {
  moved_ = true;
  if (origin.token != 0) tokens_.push_back({origin.token, origin.refused ? WEIR_E_DATA : WEIR_OK, 0});
}

void PositionLog::settle_entry(Entries::iterator entry) {
  const std::shared_ptr<OriginBlock> block = std::move(entry->block);
  entry->block.reset();
  block->entry = nullptr;
  if (entry == entries_.begin()) {
    for (const Origin& origin : block->origins()) reach(origin.partition, block->offset_of(origin));
    drop(entry);
    pop_settled_front();
    return;
  }
  for (const Origin& origin : block->origins()) {
    if (origin.partition == Origin::kNoPartition) continue;
    auto same = std::find_if(entry->last.begin(), entry->last.end(),
                             [&](const auto& each) { return each.first == origin.partition; });
    if (same == entry->last.end()) {
      entry->last.emplace_back(origin.partition, block->offset_of(origin));
    } else {
      same->second = block->offset_of(origin);
    }
  }
  if (const auto next = std::next(entry); next != entries_.end() && next->block == nullptr) {
    absorb(*entry, *next);
    drop(next);
  }
  if (const auto before = std::prev(entry); before->block == nullptr) {
    absorb(*before, *entry);
    drop(entry);
  }
}

void PositionLog::pop_settled_front() {
  while (!entries_.empty() && entries_.front().block == nullptr) {
    for (const auto& [partition, offset] : entries_.front().last) reach(partition, offset);
    drop(entries_.begin());
  }
}

void PositionLog::absorb(PositionEntry& into, PositionEntry& later) {
  for (auto& [partition, offset] : later.last) {
    auto same = std::find_if(into.last.begin(), into.last.end(),
                             [number = partition](const auto& each) { return each.first == number; });
    if (same == into.last.end()) {
      into.last.emplace_back(partition, std::move(offset));
    } else {
      same->second = std::move(offset);
    }
  }
}

void PositionLog::drop(Entries::iterator entry) {
  entry->last.clear();
  spare_.splice(spare_.end(), entries_, entry);
}

PositionLog::Reached& PositionLog::reached(std::uint32_t partition) {
  if (partition >= reached_.size()) reached_.resize(partition + 1);
  return reached_[partition];
}

void PositionLog::reach(std::uint32_t partition, std::string_view offset) {
  if (partition == Origin::kNoPartition) return;
  Reached& end = reached(partition);
  if (end.forgotten || (end.known && end.offset == offset)) return;
  end.offset = offset;
  end.known = end.moved = true;
}

void PositionLog::forget(std::uint32_t partition) { reached(partition).forgotten = true; }

bool PositionLog::waits_for(std::uint32_t partition) const {
  return std::any_of(entries_.begin(), entries_.end(), [partition](const PositionEntry& entry) {
    if (entry.block == nullptr) return false;
    if (entry.block->lent) return true;
    const auto origins = std::as_const(*entry.block).origins();
    return std::any_of(origins.begin(), origins.end(), [partition](const Origin& origin) {
      return origin.partition == partition && !origin.settled();
    });
  });
}

std::vector<std::pair<std::uint32_t, std::string>> PositionLog::take_moved() {
  ++walk_;
  const auto blocked = [this](std::uint32_t partition) { return reached(partition).blocked_in == walk_; };
  for (const PositionEntry& entry : entries_) {
    for (const auto& [partition, offset] : entry.last) {
      if (!blocked(partition)) reach(partition, offset);
    }
    if (entry.block == nullptr) continue;
    if (entry.block->lent) break;  // what settled behind it is asked for again when it has settled itself
    for (const Origin& origin : std::as_const(*entry.block).origins()) {
      if (origin.partition == Origin::kNoPartition || blocked(origin.partition)) continue;
      if (origin.settled()) {
        reach(origin.partition, entry.block->offset_of(origin));
      } else {
        reached(origin.partition).blocked_in = walk_;
      }
    }
  }
  std::vector<std::pair<std::uint32_t, std::string>> ends;
  for (std::uint32_t partition = 0; partition < reached_.size(); ++partition) {
    Reached& end = reached_[partition];
    if (std::exchange(end.moved, false) && !end.forgotten) ends.emplace_back(partition, end.offset);
  }
  moved_ = false;
  return ends;
}

std::vector<weir_settled> PositionLog::unsettled_tokens() const {
  std::vector<weir_settled> tokens;
  for (const PositionEntry& entry : entries_) {
    if (entry.block == nullptr) continue;
    for (const Origin& origin : std::as_const(*entry.block).origins()) {
      if (origin.token != 0 && !origin.settled()) tokens.push_back({origin.token, WEIR_E_RETRY, 0});
    }
  }
  return tokens;
}

}  // namespace weir::host
