#include <weir/sink.hpp>

#include <fstream>
#include <string>
#include <vector>

/// Appends the value of each record to a file, one a line.
class MySink {
 public:
  static constexpr auto name = "my_sink";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Appends the value of each record to a file, one a line.";
  static constexpr auto fields =
      weir::fields(weir::output(weir::required("path", weir::Type::file, "The file; it is made if it is not there.")));

  explicit MySink(const weir::Context& config) : acks_(config), path_(config.text("path")) {}

  void start() {
    file_.open(path_, std::ios::binary | std::ios::app);
    if (!file_) throw weir::FatalError("cannot open " + path_);
  }

  /// Takes all: what was written is acknowledged, what cannot be written is refused. A sink that delivers later keeps the records'
  /// handles and acknowledges each once, from any thread.
  std::size_t put(weir::Batch& batch) {
    written_.clear();
    for (const weir::Record record : batch) {
      if (write(record)) written_.push_back(record.handle());
    }
    file_.flush();
    if (!file_) throw weir::FatalError("cannot write to " + path_);
    acks_.ok(written_);
    for (weir::Record record : batch) {
      if (!fits_a_line(record)) record.fail("a line cannot hold a line end");
    }
    return batch.size();
  }

  void stop() { file_.close(); }

 private:
  static bool fits_a_line(const weir::Record& record) {
    return record.value_bytes().value_or("").find('\n') == std::string_view::npos;
  }

  bool write(const weir::Record& record) {
    if (!fits_a_line(record)) return false;
    if (const auto value = record.value_bytes()) file_ << *value << '\n';  // a tombstone leaves no line
    return true;
  }

  weir::Acks acks_;
  std::string path_;
  std::ofstream file_;
  std::vector<weir::Delivery> written_;  // of the put that runs; its memory is used again
};

WEIR_PLUGIN(MySink)
