#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/chaos/broker.h"
#include "cli/chaos/home.h"
#include "cli/chaos/message.h"
#include "cli/chaos/process.h"
#include "cli/chaos/shared_page.h"
#include "cli/chaos/watch_point.h"
#include "cli/chaos/worker.h"

namespace weir::host::cli::chaos {

/// A run of the pipeline in a folder and with a broker of its own, whose messages are read back while it lasts. Order of calls:
///
///   open  (start_worker | wait… | kill_worker | freeze | go)*  finish  destructor
///
/// What goes wrong outside the pipeline (a signal, a broker that died, messages that nobody read in time) ends all waiting and is
/// in trouble(). [control]
class OneRun {
 public:
  using Milliseconds = std::chrono::milliseconds;
  using See = std::function<void(const Message&)>;

  /// The home has no broker yet; its folder is made. `see` gets each message, in the order of its partition. The others outlive it.
  OneRun(WatchPoint& watch, const WorkerCode& code, SharedPage& page, Home home, See see);

  /// How long the source goes on when the broker stands still.
  void hold_source_after(Milliseconds time) { hold_after_ = time; }

  /// With a throw-away broker.
  [[nodiscard]] Status open(const std::vector<Topic>& topics);
  /// With a broker that is there, in a topic that holds nothing: `extents` are its partitions'.
  [[nodiscard]] Status open_there(const std::string& bootstrap, const std::string& topic,
                                  const std::vector<Extent>& extents);

  void start_worker();
  [[nodiscard]] bool worker_runs() { return worker_.running(); }
  /// Once it has ended.
  [[nodiscard]] int worker_exit_code() const { return worker_.exit_code(); }
  void kill_worker();
  /// Whether the worker of now has put something to its sink.
  [[nodiscard]] bool worker_put() const { return page_.put > put_before_; }
  /// Whether it has delivered something.
  [[nodiscard]] bool worker_delivered() const;
  /// The throw-away broker stands still. The source does so a little later: it would come to its end meanwhile, and what is left undone with it.
  void freeze();
  void go();
  [[nodiscard]] bool frozen() const { return broker_ && broker_->frozen(); }

  /// Until `done`, the worker's end or trouble, at most that long; whether it is done.
  bool wait_until(const std::function<bool()>& done, Milliseconds time);
  void wait(Milliseconds time);

  /// Reads what is left in the broker's topics. Without it, some may be missing.
  void finish();
  [[nodiscard]] const Status& trouble() const { return trouble_; }

  [[nodiscard]] const Home& home() const { return home_; }
  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  /// Whether a message of that topic of the throw-away broker was read.
  [[nodiscard]] bool has_read(const std::string& topic) const;
  /// Everything the workers said.
  [[nodiscard]] std::string log_file() const { return home_.folder + "/weir.log"; }

 private:
  [[nodiscard]] Status make_folder();
  [[nodiscard]] Status start_reader(const std::string& topic);
  void pump(Milliseconds time);
  void read_lines();
  void take(std::string_view line);
  void note_trouble(Status status);

  WatchPoint& watch_;
  const WorkerCode& code_;
  SharedPage& page_;
  Home home_;
  const See see_;
  std::unique_ptr<FileDescriptor> log_;
  std::optional<Broker> broker_;  // nothing: it is the user's own
  std::optional<Reader> reader_;
  bool reader_ended_ = false;
  Process worker_;
  Milliseconds hold_after_{0};
  std::chrono::steady_clock::time_point hold_at_{};  // while the broker stands still
  std::uint64_t messages_ = 0;
  std::uint64_t messages_before_ = 0;  // the worker of now
  std::uint64_t put_before_ = 0;
  std::map<std::pair<std::string, std::int32_t>, std::int64_t> next_offsets_;  // by topic and partition
  Status trouble_;
};

}  // namespace weir::host::cli::chaos
