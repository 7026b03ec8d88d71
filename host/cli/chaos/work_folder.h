#pragma once
#include <string>

#include "errors/status.h"

namespace weir::host::cli::chaos {

/// A folder that nothing else uses, for its owner alone (0700). A temporary one goes with it.
class WorkFolder {
 public:
  /// `kept`: a folder that is empty or not there, and stays with the mode that it gets here; empty: a temporary one, in TMPDIR or else /tmp. E_CONFIG: there is something
  /// in it, or it cannot be made.
  [[nodiscard]] static Result<WorkFolder> make(const std::string& kept);
  ~WorkFolder();
  WorkFolder(WorkFolder&& other) noexcept;
  WorkFolder& operator=(WorkFolder&&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  [[nodiscard]] static Result<WorkFolder> make_temporary();
  [[nodiscard]] static Result<WorkFolder> make_kept(const std::string& kept);
  WorkFolder(std::string path, bool temporary) : path_(std::move(path)), temporary_(temporary) {}

  std::string path_;  // absolute
  bool temporary_;
};

}  // namespace weir::host::cli::chaos
