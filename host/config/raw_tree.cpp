#include "config/raw_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <streambuf>

#include "config/tree_builder.h"
#include "config/yaml_errors.h"

namespace weir::host::config {
namespace {

/// Reads a text without copying it.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // NOLINT: a streambuf's get area; it is never written
    setg(begin, begin, begin + text.size());
  }
};

/// yaml-cpp's events as the builder takes them.
class Events final : public YAML::EventHandler {
 public:
  explicit Events(TreeBuilder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark& mark) override { builder_.begin_document(offset(mark)); }
  void OnDocumentEnd() override { builder_.end_document(); }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { builder_.null({offset(mark), anchor}); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { builder_.alias(offset(mark), anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string& value) override {
    builder_.scalar({offset(mark), anchor}, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    builder_.begin(RawNode::Kind::list, {offset(mark), anchor});
  }
  void OnSequenceEnd() override { builder_.end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    builder_.begin(RawNode::Kind::map, {offset(mark), anchor});
  }
  void OnMapEnd() override { builder_.end(); }

 private:
  static std::size_t offset(const YAML::Mark& mark) { return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos); }

  TreeBuilder& builder_;
};

}  // namespace

RawTree read_events(const SourceText& source, const Limits& limits, std::vector<Complaint>& complaints) {
  TreeBuilder builder(source, limits, complaints);
  ViewBuffer buffer(source.text());
  std::istream stream(&buffer);
  Events events(builder);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const Refused& refused) {
    complaints.push_back(refused.complaint());
  } catch (const YAML::Exception& error) {
    complaints.push_back(explain(source, source.offset(error.mark.line, error.mark.column), error.msg));
  }
  return builder.take();
}

}  // namespace weir::host::config
