#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>
#include <weir/source.hpp>

#include "marks.h"
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
  std::string history{};     // the chain's marks, as stored
};

/// Which files there are and whose they are: finds new ones, and after a rotation, a copy or a restart those it knew under other names.
/// The tasks of one connector share it, so that each file is read by one of them. Thread-safe; calls may read the starts of files.
class Catalog {
 public:
  struct Options {
    Pattern pattern;
    bool follows = false;
    bool starts_at_end = false;
    std::uint32_t tasks = 1;
    std::vector<std::string> outputs{};  // files this pipeline writes, never to be read
  };
  /// The one of this connector: made by the first of its tasks, gone with the last.
  static std::shared_ptr<Catalog> shared(const std::string& connector, Options options);
  explicit Catalog(Options options) : options_(std::move(options)) {}

  /// Lists the files, unless that was done a moment ago, and finds out what is new. FatalError: a file that cannot be read, that is not
  /// the one whose position is stored, or that this pipeline writes.
  void look(const Positions& positions, const Log& log);
  /// What was found for a task since its last call, in order of the names.
  [[nodiscard]] std::vector<Assignment> take(std::uint32_t task);
  /// A task ends: what it had is found again by the next look.
  void forget(std::uint32_t task);

  struct Whereabouts {
    std::string path;
    FileKey key;
  };
  /// Where a file of the chain lies now, or a copy of it, perhaps compressed, if it is gone; empty: nowhere near.
  [[nodiscard]] std::optional<Whereabouts> find(const Assignment& file);
  /// A file was cut short while it was read up to file.offset. First what a copy holds behind that, if someone made one, then the file
  /// anew.
  [[nodiscard]] std::vector<Assignment> begin_anew(const Assignment& file);
  /// The chain's last file is gone and read; what has to be stored so that the next of that name is new. Empty: that one is there.
  [[nodiscard]] std::optional<Assignment> close(const Assignment& file);
  /// More of a short file's start is known: its marks as they are to be stored from now on.
  [[nodiscard]] std::string refine(const Assignment& file);

 private:
  using Clock = std::chrono::steady_clock;

  struct Chain {
    std::string path;
    std::uint32_t generation = 0;  // of its latest file; 0: none yet
    std::uint64_t offset = 0;      // of the stored generation, as stored at start
    bool resolved = true;          // the file of the stored position was found
    bool vacant = false;           // its latest file is gone
    std::vector<Seen> history;     // newest first
  };
  struct Known {
    Chain* chain = nullptr;
    std::uint32_t generation = 0;
    Fingerprint first;
    std::string path;
    FileLook look;
    std::uint64_t seen = 0;  // the listing it was in last
  };
  struct Listed {
    std::string path;
    FileLook look;
  };

  void list(const Positions& positions, const Log& log);
  void gather(const Log& log);
  void place(const Listed& listed, const Positions& positions);
  void update(Known& known, const Listed& listed, const Positions& positions);
  void identify(const Listed& listed, const Positions& positions);
  void refuse_output(const Listed& listed) const;
  bool belongs_by_inode(const Listed& listed, const Positions& positions);
  bool is_copy(const Listed& listed, const Positions& positions);
  bool waits_as_copy(const FileKey& key);
  void resolve(Chain& chain, const Listed* at_path);
  [[nodiscard]] std::optional<Listed> stored_file(const Chain& chain, const Seen& seen, const Listed* at_path) const;
  [[nodiscard]] std::optional<Listed> find_by_key(const std::string& path, const FileKey& key) const;
  [[nodiscard]] std::optional<Listed> find_by_content(const Chain& chain, const Seen& seen, std::uint64_t size) const;
  [[nodiscard]] bool belongs_elsewhere(const Listed& file, const Chain& chain, const Seen& seen) const;
  Chain& chain_of(const std::string& path, const Positions& positions);
  Assignment enter(Chain& chain, const Listed& file, std::uint32_t generation, std::uint64_t offset);
  Assignment enter_next(Chain& chain, const Listed& file);
  void give(Assignment file);
  [[nodiscard]] std::uint32_t task_of(const std::string& chain) const;

  const Options options_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Chain>> chains_;  // by path
  std::map<FileKey, Known> known_;
  std::map<FileKey, Clock::time_point>
      copies_;  // held back: they may be copies of a file that is about to be cut short
  std::vector<Listed> listing_;
  std::map<FileKey, std::size_t> by_key_;                   // of listing_
  std::map<std::uint32_t, std::vector<Assignment>> found_;  // by task
  std::uint64_t listings_ = 0;
  Clock::time_point next_look_{};
  bool warned_ = false;
};

}  // namespace weir::plugins
