#include "contract/surroundings.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <thread>

namespace weir::host::contract {
namespace {

namespace fs = std::filesystem;

bool leads_outside(const std::string& target) {
  const auto begins = [&](const char* prefix) { return target.starts_with(prefix); };
  if (begins("socket:")) return true;
  return begins("/") && !begins("/dev/") && !begins("/proc/") && !begins("/sys/");
}

template <typename Set>
Set added(const Set& now, const Set& before) {
  Set out;
  std::set_difference(now.begin(), now.end(), before.begin(), before.end(), std::inserter(out, out.end()));
  return out;
}

std::string left(const Surroundings& before) {
  const Surroundings now = look_around();
  if (now.threads > before.threads) {
    const std::size_t more = now.threads - before.threads;
    return std::to_string(more) + (more == 1 ? " more thread" : " more threads");
  }
  const auto open = added(now.open, before.open);
  return open.empty() ? std::string() : *open.begin() + " still open";
}

}  // namespace

Surroundings look_around() {
  Surroundings out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd", error)) {
    const fs::path target = fs::read_symlink(entry.path(), error);
    // The descriptor that lists them is gone by the next look.
    if (!error && !target.string().starts_with("/proc/")) out.open.insert(target.string());
  }
  for (const auto& entry : fs::directory_iterator(".", error)) out.files.insert(entry.path().filename().string());
  const fs::directory_iterator tasks("/proc/self/task", error);
  out.threads = static_cast<std::size_t>(std::distance(tasks, fs::directory_iterator()));
  return out;
}

std::string opened_since(const Surroundings& before) {
  const Surroundings now = look_around();
  for (const std::string& target : added(now.open, before.open)) {
    if (leads_outside(target)) return "opened " + target;
  }
  const auto files = added(now.files, before.files);
  return files.empty() ? std::string() : "made the file " + *files.begin();
}

std::string left_since(const Surroundings& before) {
  constexpr int kLooks = 40;
  std::string seen = left(before);
  for (int looks = 1; looks < kLooks && !seen.empty(); ++looks) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
    seen = left(before);
  }
  return seen;
}

}  // namespace weir::host::contract
