#include "track.h"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "line_records/line_records.h"

namespace weir::plugins {
namespace {

using std::chrono::seconds;

constexpr std::uint64_t kEverything = std::numeric_limits<std::uint64_t>::max();
constexpr int kReads = 4;  // of one poll, for a line: the host takes a poll without records as rest
constexpr std::int64_t kNearEnd =
    256 * 1024;  // bytes: who has more to read was not overtaken by a file that begins anew
// A renamed file may be written to until its writer has opened the new one.
constexpr seconds kLastWrites{5};
constexpr seconds kLastWritesBesideNewOnes{1};

/// An origin a line: its offset is the byte after it, as decimal text.
class Lines final : public LineRecords {
 public:
  Lines(Output& out, const std::string& chain, std::uint32_t generation) : LineRecords(out), chain_(chain) {
    if (generation > 1) suffix_ = '@' + std::to_string(generation);
  }

 protected:
  Origin origin(std::uint64_t end) override {
    char* last = std::to_chars(digits_.data(), digits_.data() + digits_.size(), end).ptr;
    last += suffix_.copy(last, suffix_.size());
    return out().origin(chain_, {digits_.data(), last});
  }

 private:
  const std::string& chain_;
  std::string suffix_;
  std::array<char, 40> digits_;
};

}  // namespace

void Track::add(Assignment file) {
  files_.push_back(std::move(file));
  quiet_since_ = Clock::now();  // the one before it may get its last lines now
}

Track::State Track::read(Output& out) {
  gave_ = false;
  origins_ = 0;
  if (files_.empty()) return State::done;
  if (!finished_at_.empty()) return finish(out);
  if (file().key.inode == 0) {
    mark(out);
    files_.pop_front();
    return files_.empty() ? State::done : State::more;
  }
  if (!contents_ && !open_contents()) return missing(out);
  if ((was_quiet_ || around_.follows) && (is_cut_ || was_cut_short())) return cut_short();
  if (!reader_ && !begin_at_offset()) return cut_short();
  begin_reading(out);
  if (around_.follows && !is_ending_ && contents_->unread() == 0 && !reader_->has_lines())
    return at_end(out, {ReadState::nothing});
  was_quiet_ = false;
  return read_lines(out);
}

Track::State Track::read_lines(Output& out) {
  LineLimits limits = line_limits(out);
  if (limits.lines <= origins_) return State::more;
  limits.lines -= origins_;  // the host takes at most one origin for each record it asks for
  Lines lines(out, chain_, file().generation);
  ReadResult result{ReadState::data};
  for (int i = 0; i < kReads && lines.empty() && result.state == ReadState::data; ++i)
    result = reader_->poll(*contents_, lines, limits);
  gave_ = true;
  if (!lines.empty() && around_.follows) quiet_since_ = Clock::now();
  if (result.state == ReadState::failed) throw FatalError(contents_->failure(result.error));
  if (result.state == ReadState::data || reader_->has_lines()) return State::more;
  return at_end(out, result);
}

/// False: it is not where it was, nor anywhere near.
bool Track::open_contents() {
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto look = look_at(file().path);
    if (look && look->key == file().key) {
      try {
        auto contents = std::make_unique<Contents>(file().path, around_.follows);
        if (contents->file().look().key == file().key) {
          contents_ = std::move(contents);
          is_opened_ = true;
          missing_.begin_anew();
          if (reader_) go_on();
          return true;
        }
      } catch (const FatalError&) {
        const auto now = look_at(file().path);
        if (now && now->key == file().key) throw;
      }
    }
    if (!follow_name()) return false;
  }
  return false;
}

void Track::go_on() {
  is_cut_ = around_.follows && !contents_->reaches(reader_->offset());
  if (!is_cut_) contents_->seek(reader_->offset());
}

/// Where to begin. False: it is followed and ends before that.
bool Track::begin_at_offset() {
  bool inside_line = false;
  if (file().from_end) {
    file().offset = contents_->seek_to_end();
    inside_line = !contents_->line_begins_at(file().offset);
  } else if (file().offset > 0) {
    // One byte less, as resume_at() begins there and what is compressed is read forward only.
    if (around_.follows && !contents_->reaches(file().offset - 1)) return false;
    file().offset = contents_->resume_at(file().offset);
    if (around_.follows && !contents_->reaches(file().offset)) return false;
  }
  contents_->seek(file().offset);
  reader_.emplace(around_.longest_line, file().offset);
  if (inside_line) reader_->begin_inside_line();
  is_begun_ = false;
  quiet_since_ = Clock::now();
  if (file().was_changed)
    around_.log.warn("A file begins with other bytes than before, behind its position: going on there. path=" +
                     file().path);
  return true;
}

/// The marks of a file, before its first line and whenever more is known of it.
void Track::begin_reading(Output& out) {
  const bool has_learnt = learn_start();
  const bool is_first = !std::exchange(is_begun_, true);
  if (is_first && file().is_new) {
    mark(out);
  } else if (has_learnt || is_copied_) {
    mark_file(out);
  }
  is_copied_ = false;
}

/// What a restart needs to know of the file, in one poll with its position, so that both are stored or none.
void Track::mark(Output& out) {
  mark_file(out);
  store(out, chain_, to_text(Place{file().offset, file().generation}));
}

void Track::mark_file(Output& out) {
  store(out, history_partition(chain_), around_.catalog.history(file()));
  if (file().key.inode == 0) return;
  store(out, owner_partition(file().key), to_text(Owner{chain_, file().generation, file().first}));
}

/// An origin without a record.
void Track::store(Output& out, const std::string& partition, const std::string& offset) {
  static_cast<void>(out.origin(partition, offset));
  ++origins_;
  gave_ = true;
}

/// A file that had hardly begun when it was found is known better by now. Nothing is read of it beyond the start that is stored with the
/// position, so that a position always tells its file from others. Whether more is known.
bool Track::learn_start() {
  size_known_.reset();
  if (file().first.bytes >= Fingerprint::kBytes) return false;
  const std::uint64_t size = contents_->file().look().size;
  const Fingerprint now = contents_->first();
  const bool is_more = now.bytes > file().first.bytes;
  if (is_more) {
    file().first = now;
    around_.catalog.refine(file());
  }
  const bool is_all = now.bytes < Fingerprint::kBytes && !is_ending_;
  if (is_all) size_known_ = size;
  contents_->read_only_to(is_all ? file().first.bytes : kEverything);
  return is_more;
}

/// Shorter than what was read of it, or begun anew since.
bool Track::was_cut_short() {
  const bool is_opened = std::exchange(is_opened_, false);
  if (contents_->unread() < 0 || contents_->file().look().size < size_at_end_) return true;
  if (!is_opened && !was_quiet_ && (contents_->is_packed() || contents_->unread() > kNearEnd)) return false;
  return contents_->first(file().first.bytes) != file().first;
}

Track::State Track::cut_short() {
  const std::uint64_t read = reader_ ? reader_->offset() : file().offset;
  if (!around_.follows)
    throw FatalError(file().path +
                     " was truncated while it was read: " + std::to_string(contents_->file().look().size) + " bytes, " +
                     std::to_string(read) + " were read; it is not the file it was, --fresh reads it from the start");
  file().offset = read;
  auto copy = around_.catalog.copy_of(file());
  if (!copy && !uncopied_.ends_now()) {
    is_cut_ = true;
    return State::quiet;
  }
  if (!copy)
    around_.log.warn(
        "A followed file was truncated and no copy of it is beside it: what was not read yet is lost. path=" +
        file().path + " read=" + std::to_string(read));
  auto next = around_.catalog.begin_anew(file());
  rest();
  auto after = files_.begin() + 1;
  if (next) after = files_.insert(after, *std::move(next));
  if (copy) {
    files_.insert(after, *std::move(copy));
    go_to_next();
    return State::more;
  }
  is_gone_ = !has_successor();
  is_lost_ = true;
  finished_at_ = to_text(Place{read, file().generation});
  return State::more;
}

Track::State Track::at_end(Output& out, const ReadResult& result) {
  was_quiet_ = true;
  if (contents_->unread() < 0) return State::more;  // cut short just now
  size_at_end_ = size_known_ ? *size_known_ : contents_->file().look().size;
  if (result.state == ReadState::end) {
    finished_at_ = to_text(Place{reader_->offset(), file().generation});
    rest();
    return has_successor() || is_gone_ ? State::more : finish(out);
  }
  if (has_successor() || is_gone_) {
    const auto next = has_successor() ? look_at(files_[1].path) : std::nullopt;
    const auto wait = next && next->size > 0 ? kLastWritesBesideNewOnes : kLastWrites;
    if (Clock::now() - quiet_since_ >= wait) {
      contents_->stop_growing();
      is_ending_ = true;
      return State::more;
    }
  }
  pause();
  return State::quiet;
}

/// Keeps no bytes of a line that may be long in coming.
void Track::pause() {
  if (contents_->is_packed()) return rest();
  reader_->forget_unfinished();
  contents_->seek(reader_->offset());
}

/// The next file begins when the end of this one is stored, or on its way there: a restart must find it.
Track::State Track::finish(Output& out) {
  rest();
  if (!has_successor()) {
    if (!is_gone_) {
      files_.clear();
      return State::done;
    }
    auto vacancy = around_.catalog.close(file());
    if (!vacancy) return State::quiet;  // its successor is about to be added
    files_.push_back(*std::move(vacancy));
  }
  const auto stored = around_.positions.stored(chain_);
  if (stored && *stored == finished_at_) {
    go_to_next();
    return State::more;
  }
  if (!end_is_told_) store(out, chain_, finished_at_);  // blank lines may lie behind the last record
  end_is_told_ = true;
  return State::quiet;
}

void Track::go_to_next() {
  const Assignment last = std::move(files_.front());
  files_.pop_front();
  const bool is_finished = files_.empty() || files_.front().generation > last.generation;
  if (is_finished && is_lost_) {
    around_.catalog.abandon(last);
  } else if (is_finished) {
    around_.catalog.finish(last, reader_ ? reader_->offset() : last.offset);
  }
  contents_.reset();
  reader_.reset();
  finished_at_.clear();
  end_is_told_ = is_gone_ = is_lost_ = is_cut_ = is_copied_ = is_ending_ = was_quiet_ = false;
  missing_.begin_anew();
  uncopied_.begin_anew();
  size_at_end_ = 0;
  quiet_since_ = Clock::now();
}

/// A file that cannot be found any more has been read as far as anybody could.
Track::State Track::missing(Output& out) {
  if (!missing_.ends_now()) return State::quiet;
  const std::uint64_t read = reader_ ? reader_->offset() : file().offset;
  is_lost_ = !was_quiet_;
  if (is_lost_)
    around_.log.warn("A file is gone before it was read to its end: what was not read yet is lost. path=" +
                     file().path + " read=" + std::to_string(read));
  is_gone_ = true;
  finished_at_ = to_text(Place{read, file().generation});
  return finish(out);
}

bool Track::has_something() {
  if (!finished_at_.empty()) {
    const auto stored = around_.positions.stored(chain_);
    return !end_is_told_ || (stored && *stored == finished_at_);
  }
  if (files_.empty()) return false;
  if (has_successor() || is_cut_) return true;
  if (!is_at_its_name() && !follow_name()) {
    if (!contents_) return missing_.ends_now();
    set_gone();
    return true;
  }
  missing_.begin_anew();
  is_gone_ = false;
  const auto named = look_at(file().path);
  return !named || named->size != size_at_end_;
}

bool Track::is_at_its_name() const {
  const auto named = look_at(file().path);
  return named && named->key == file().key;
}

/// To where the file is now. An open one is read on as it is.
bool Track::follow_name() {
  if (reader_) file().offset = reader_->offset();  // a copy must go as far
  const auto now = around_.catalog.find(file());
  if (!now || (contents_ && now->key != file().key)) return false;
  if (now->key != file().key) go_on_in(*now);
  file().path = now->path;
  return true;
}

/// What was seen of the sizes of the original means nothing.
void Track::go_on_in(const Catalog::Whereabouts& copy) {
  around_.catalog.adopt(file(), copy);
  file().key = copy.key;
  is_copied_ = true;
  size_at_end_ = 0;
  was_quiet_ = false;
}

void Track::set_gone() {
  if (!is_gone_) quiet_since_ = Clock::now();
  is_gone_ = true;
}

void Track::rest() {
  if (reader_ && contents_) reader_->forget_unfinished();
  contents_.reset();
}

}  // namespace weir::plugins
