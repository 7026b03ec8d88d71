#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include <weir/testing.hpp>

#include "file.h"
#include "testing/scratch_folder.h"

/// For tests.
namespace weir::plugins {

using testing_support::ScratchFolder;
using Texts = std::vector<std::string>;
using Stored = std::map<std::string, std::string>;

/// A start that tells files apart.
inline std::string head(const std::string& name) { return name + std::string(20, '-') + "\n"; }

/// A followed path over several lives of the worker.
class Followed {
 public:
  Followed(const ScratchFolder& folder, const std::string& pattern, bool follows = true)
      : config_(R"({"path":")" + folder.path(pattern) + R"(","follow":)" + (follows ? "true}" : "false}")) {
    begin();
  }

  /// The worker dies and starts again, with what was stored.
  void restart() {
    source_.reset();
    begin();
  }
  /// Lines until `count` came, or none any more for a while.
  Texts read(std::size_t count) {
    Texts lines;
    // Longer than a renamed file is waited for.
    for (int quiet = 0; lines.size() < count && quiet < 700;) {
      const auto polled = source_->poll(64, 128 * 1024, 10);
      for (const auto& record : polled) lines.push_back(record.message.value.value_or("(null)"));
      quiet = polled.empty() ? quiet + 1 : 0;
      source_->store_all();
      stored_ = source_->stored();
    }
    return lines;
  }
  /// What comes in a moment in which nothing should come.
  Texts read_on() {
    Texts lines;
    for (int i = 0; i < 80; ++i) {
      for (const auto& record : source_->poll(64, 128 * 1024, 10)) lines.push_back(*record.message.value);
    }
    source_->store_all();
    stored_ = source_->stored();
    return lines;
  }
  /// Whether it logged a warning with these words since it began or restarted.
  [[nodiscard]] bool has_warned(std::string_view words) const {
    for (const auto& line : source_->logs()) {
      if (line.level == WEIR_LOG_WARN && line.text.find(words) != std::string::npos) return true;
    }
    return false;
  }
  void store(Stored stored) { stored_ = std::move(stored); }
  [[nodiscard]] const Stored& stored() const { return stored_; }
  [[nodiscard]] std::string start_error() {
    try {
      source_->start();
    } catch (const FatalError& error) {
      return error.what();
    }
    return "";
  }

 private:
  void begin() {
    source_ = std::make_unique<testing::Source<FileSource>>(config_, testing::Setup{.positions = stored_});
  }

  std::string config_;
  Stored stored_;
  std::unique_ptr<testing::Source<FileSource>> source_;
};

inline void rename(const ScratchFolder& folder, const char* from, const char* to) {
  std::filesystem::rename(folder.path(from), folder.path(to));
}
inline void copy(const ScratchFolder& folder, const char* from, const char* to) {
  std::filesystem::copy_file(folder.path(from), folder.path(to), std::filesystem::copy_options::overwrite_existing);
}
inline void truncate(const ScratchFolder& folder, const char* name) {
  std::filesystem::resize_file(folder.path(name), 0);
}

inline std::string line(const std::string& text) { return text.substr(0, text.size() - 1); }

}  // namespace weir::plugins
