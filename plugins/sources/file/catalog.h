#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>
#include <weir/source.hpp>

#include "marks.h"
#include "patience.h"
#include "pattern.h"
#include "raw_file.h"

namespace weir::plugins {

/// A file for a task to read. Its positions are those of its chain: the files that a path named one after the other.
struct Assignment {
  std::string chain;  // the path, which is the source partition too
  std::uint32_t generation = 1;
  std::string path;  // where it lies now
  FileKey key;       // of inode 0: the path names nothing any more, what comes under it next is new
  Fingerprint first;
  std::uint64_t offset = 0;
  bool is_new = false;       // its marks have to be stored before its first line
  bool from_end = false;     // what it holds already is not wanted
  bool was_changed = false;  // someone edited what had not been read of it
};

/// Which files there are and whose they are: finds new ones, and after a rotation, a copy or a restart those it knew under other names
/// (README, "Which file is which"). The tasks of one connector share it, so that each file is read by one of them. Thread-safe; calls may
/// read the starts of files.
class Catalog {
 public:
  struct Options {
    Pattern pattern;
    bool follows = false;
    bool starts_at_end = false;
    std::uint32_t tasks = 1;
    std::vector<std::string> outputs{};  // files this pipeline writes, never to be read
  };
  /// What is asked and told by whoever calls. [task]
  struct Host {
    const Positions& positions;
    const Log& log;
  };
  using Mark = std::pair<std::string, std::string>;  // source partition, offset

  /// The one of this connector: made by the first of its tasks, gone with the last.
  static std::shared_ptr<Catalog> shared(const std::string& connector, Options options);
  explicit Catalog(Options options) : options_(std::move(options)) {}

  /// Lists the files, unless that was done a moment ago, and finds out what is new. FatalError: a file that cannot be read, that this
  /// pipeline writes, or that, not followed, is not the one whose position is stored.
  void look(const Host& host);
  /// What was found for a task since its last call, in order of the names.
  [[nodiscard]] std::vector<Assignment> take(std::uint32_t task);
  /// What a task is to store since its last call, at any time.
  [[nodiscard]] std::vector<Mark> take_marks(std::uint32_t task);
  /// A task ends: what it had is found again by the next look.
  void forget(std::uint32_t task);

  struct Whereabouts {
    std::string path;
    FileKey key;
  };
  /// Where a file of a chain lies now, or a copy of it, perhaps compressed, if it is gone. Empty: not found this time; it may just be
  /// changing its name.
  [[nodiscard]] std::optional<Whereabouts> find(const Assignment& file);
  /// From now on the file is read there, in a copy.
  void adopt(const Assignment& file, const Whereabouts& copy);
  /// A file was cut short while it was read up to file.offset: what a copy of it holds behind that. Empty: none was found this time.
  [[nodiscard]] std::optional<Assignment> copy_of(const Assignment& file);
  /// What a file that was cut short holds now, as the next of its chain. Empty: there is a next already.
  [[nodiscard]] std::optional<Assignment> begin_anew(const Assignment& file);
  /// The chain's last file is gone and read; what has to be stored so that the next of that name is new. Empty: that one is there.
  [[nodiscard]] std::optional<Assignment> close(const Assignment& file);
  /// All of a file was read, `length` bytes.
  void finish(const Assignment& file, std::uint64_t length);
  /// A file was lost sight of before all of it was read. Should it come again, it is new.
  void abandon(const Assignment& file);
  /// More of a short file's start is known.
  void refine(const Assignment& file);
  /// The chain's marks up to this file, as they are to be stored.
  [[nodiscard]] std::string history(const Assignment& file);

 private:
  using Clock = std::chrono::steady_clock;

  struct Chain {
    std::string path;
    std::uint32_t generation = 0;  // of its latest file; 0: none yet
    std::uint32_t reading = 1;     // generations before this one are done
    std::uint64_t offset = 0;      // of the stored generation, as stored at start
    bool resolved = true;          // the file of the stored position was found, or given up
    bool vacant = false;           // its latest file is gone
    Patience missing{std::chrono::seconds(3)};
    std::vector<Seen> history;  // newest first
  };
  struct Listed {
    std::string path;
    FileLook look;
  };
  struct Known {
    Chain* chain = nullptr;
    std::uint32_t generation = 0;
    Fingerprint first;
    Listed file;
    std::uint64_t seen = 0;    // the listing it was in last
    bool is_verified = false;  // it was looked into since its generation was done
  };
  struct Held {
    Clock::time_point since;
    std::uint64_t size;
  };
  struct Moved {};  // thrown: a path no longer names the file it named when it was listed

  void list(const Host& host);
  void gather(const Host& host);
  void place(const Listed& listed, const Host& host);
  void forget_gone();
  void refuse_output(const Listed& listed) const;

  void update(Known& known, const Listed& listed, const Host& host);
  void identify(const Listed& listed, const Host& host);
  bool belongs_by_inode(const Listed& listed, const std::string& start, const Host& host);
  bool is_copy(const Listed& listed, const std::string& start, const Host& host);
  bool is_copy_of(const Listed& listed, const std::string& start, Chain& chain, const Seen& seen);
  bool may_be_of_done(const Listed& listed, const std::string& start, const Seen& seen) const;
  bool waits_as_copy(const Listed& listed);
  void settle(Chain& chain, const Seen& seen, const Listed& listed);

  bool resolve(Chain& chain, const Listed* at_path, const Host& host);
  [[nodiscard]] std::string loss(const Chain& chain, const Listed& at_path) const;
  [[nodiscard]] std::optional<Listed> stored_file(const Chain& chain, const Seen& seen, const Listed* at_path) const;
  static bool may_be_at(const Fingerprint& first, const std::string& before, const std::string& now);

  [[nodiscard]] std::optional<Listed> find_by_key(const std::string& path, const FileKey& key) const;
  [[nodiscard]] std::optional<Listed> find_by_content(const Chain& chain, const Seen& seen, std::uint64_t size) const;
  [[nodiscard]] bool belongs_elsewhere(const Listed& file, const std::string& start, const Chain& chain,
                                       const Seen& seen) const;
  [[nodiscard]] bool goes_on_in(const Listed& file, const Chain& chain, const Seen& seen, std::uint64_t size) const;
  template <typename LookInto>
  static auto read_listed(const Listed& file, LookInto look_into);
  static std::string start_of(const Listed& file);
  static bool is_part_of(const Listed& file, const Listed& original);

  Chain& chain_of(const std::string& path, const Positions& positions);
  Assignment enter(Chain& chain, const Listed& file, std::uint32_t generation, std::uint64_t offset);
  Assignment enter_next(Chain& chain, const Listed& file);
  void give(Assignment file);
  static void give_up(Chain& chain, std::uint32_t generation);
  [[nodiscard]] static bool is_done(const Chain& chain, std::uint32_t generation);
  [[nodiscard]] static Seen* seen_of(Chain& chain, std::uint32_t generation);
  [[nodiscard]] std::uint32_t task_of(const std::string& chain) const;

  const Options options_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Chain>> chains_;  // by path
  std::map<FileKey, Known> known_;
  std::map<FileKey, Held> held_;  // they may be copies of a file that is about to be cut short or removed
  std::set<FileKey> at_start_;    // the files of the first listing, with start_at: end
  std::vector<Listed> listing_;
  std::map<FileKey, std::size_t> by_key_;                   // of listing_
  std::map<std::uint32_t, std::vector<Assignment>> found_;  // by task
  std::map<std::uint32_t, std::vector<Mark>> marks_;        // by task
  std::uint64_t listings_ = 0;
  Clock::time_point next_look_{};
  bool warned_ = false;
};

}  // namespace weir::plugins
