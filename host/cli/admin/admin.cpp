#include "cli/admin/admin.h"

#include "cli/admin/health.h"
#include "cli/admin/metrics.h"
#include "cli/run/report.h"
#include "observe/log.h"

namespace weir::host::cli {
namespace {

constexpr const char* kJson = "application/json";
constexpr const char* kPaths =
    "/metrics\n/health/live\n/health/ready\n/pipelines\n/pipelines/NAME/tap?after=TRANSFORM&count=N";

}  // namespace

Admin::Admin(const RunOptions& options, const Worker& worker, const ReloadCounts& reloads)
    : options_(options), worker_(worker), reloads_(reloads), taps_(worker, options.admin_unsafe_tap) {}

Status Admin::open() {
  if (!options_.admin) return {};
  const Result<admin::Address> address = admin::parse_address(*options_.admin);
  if (!address) return address.status();
  remote_ = !address->is_loopback();
  if (remote_ && !options_.admin_allow_remote) {
    return Status::config("The admin address " + address->text() +
                          " is one that other machines may reach, without log-in or encryption; --admin-allow-remote "
                          "allows that.");
  }
  auto server = admin::Server::start(*address, [this](const admin::Request& request) { return answer(request); });
  if (!server) return server.status();
  server_ = *std::move(server);
  Log().info("Serving metrics and health.", {{"admin", "http://" + server_->address().text()}});
  return {};
}

admin::Answer Admin::answer(const admin::Request& request) {
  const auto& path = request.path;
  const std::string first = path.empty() ? "" : path[0];
  if (path.empty()) return admin::text_reply(200, kPaths);
  if (first == "metrics" && path.size() == 1) {
    return admin::Reply{200, observe::kExpositionType,
                        observe::exposition_text(collect_metrics(worker_.summaries(), reloads_))};
  }
  if (first == "health" && path.size() == 2 && path[1] == "live") return admin::Reply{200, kJson, "{\"live\": true}\n"};
  if (first == "health" && path.size() == 2 && path[1] == "ready") {
    Readiness state = readiness(worker_.summaries());
    return admin::Reply{state.ready ? 200u : 503u, kJson, std::move(state.json)};
  }
  if (first == "pipelines") return answer_pipelines(request);
  return admin::text_reply(404, "There are:\n" + std::string(kPaths));
}

admin::Answer Admin::answer_pipelines(const admin::Request& request) {
  const auto& path = request.path;
  if (path.size() == 1) return admin::Reply{200, kJson, pipelines_json(worker_.summaries())};
  if (path.size() != 3 || path[2] != "tap") return admin::text_reply(404, "There are:\n" + std::string(kPaths));
  if (remote_) return admin::text_reply(403, "Records are shown on loopback addresses only.");
  return taps_.open(path[1], request.query);
}

}  // namespace weir::host::cli
