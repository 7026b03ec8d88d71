#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir::host::admin {

/// A GET request, taken apart.
struct Request {
  std::vector<std::string> path;             // its segments, decoded: /pipelines/a → pipelines, a
  std::map<std::string, std::string> query;  // decoded; the last of equal names
};

/// From a request's target; nothing when it is not well formed.
[[nodiscard]] std::optional<Request> parse_target(std::string_view target);
/// For one segment or query value of a target.
[[nodiscard]] std::string percent_encode(std::string_view text);

struct Reply {
  unsigned status = 200;
  std::string type;  // Content-Type
  std::string body;
};
[[nodiscard]] Reply text_reply(unsigned status, std::string text);

/// Lines that are sent as they come, until they end or the client goes; then it is destroyed. All on the server's thread.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Appends what is new, if anything, some megabytes at most; false: that was all. Called some times a second while the client keeps up.
  virtual bool read(std::string& into) = 0;
  /// How many were left out in between: the trailer kMissedTrailer.
  [[nodiscard]] virtual std::uint64_t missed() const = 0;
};
inline constexpr const char* kMissedTrailer = "Weir-Missed";

using Answer = std::variant<Reply, std::unique_ptr<Stream>>;
/// What a server serves. Called on its thread.
using Handler = std::function<Answer(const Request&)>;

}  // namespace weir::host::admin
