#include "cli/dlq/dlq.h"

#include "cli/envelope/sealed_letter.h"
#include "cli/load.h"
#include "config/read_file.h"

namespace weir::host::cli {

int complain_of(const Status& status) {
  return complain(status.message(), status.code() == WEIR_E_CONFIG ? kExitUsage : kExitFailed);
}

std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

Result<crypto::KeyRing> keys_from_file(const std::string& file) {
  constexpr std::size_t kLongest = 1u << 20;
  const auto text = config::read_file(file, kLongest);
  if (!text) return Status::config("'" + file + "' " + text.status().message());
  auto keys = letter_keys(*text);
  if (!keys) return Status::config("'" + file + "': " + keys.status().message());
  return keys;
}

Result<std::optional<crypto::KeyRing>> keys_of(const spec::PipelineSpec& pipeline) {
  if (!pipeline.dead_letter || pipeline.dead_letter->payload.secrets.empty()) return std::optional<crypto::KeyRing>();
  auto keys = letter_keys(pipeline.dead_letter->payload.secrets);
  if (!keys) return keys.status();
  return std::optional(*std::move(keys));
}

Result<spec::PipelineSpec> load_one_pipeline(const CommonOptions& common, const std::string& path) {
  const auto registry = load_plugins(common);
  if (!registry) return Status::config("the plugins cannot be used");
  auto pipelines = load_pipelines({path}, *registry, {});
  if (!pipelines) return Status::config("'" + path + "' cannot be used");
  if (pipelines->size() != 1)
    return Status::config("'" + path + "' holds " + std::to_string(pipelines->size()) + " pipelines; dlq takes one");
  return std::move(pipelines->front());
}

}  // namespace weir::host::cli
