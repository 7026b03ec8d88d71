#include "spec/node.h"

#include <algorithm>
#include <tuple>

namespace weir::host::spec {
namespace {

bool same(const Diagnostic& a, const Diagnostic& b) {
  return a.file == b.file && a.mark.line == b.mark.line && a.mark.column == b.mark.column && a.message == b.message;
}

bool before(const Diagnostic& a, const Diagnostic& b) {
  return std::tie(a.file, a.mark.line, a.mark.column) < std::tie(b.file, b.mark.line, b.mark.column);
}

std::string line_of(const Diagnostic& diagnostic) {
  std::string line = diagnostic.file;
  if (diagnostic.mark.line != 0) {
    line += ':' + std::to_string(diagnostic.mark.line) + ':' + std::to_string(diagnostic.mark.column);
  }
  line += diagnostic.severity == Diagnostic::Severity::error ? ": error: " : ": warning: ";
  line += diagnostic.message;
  if (!diagnostic.hint.empty()) line += "; " + diagnostic.hint;
  return line + '\n';
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  for (const Member& member : members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

void Diagnostics::error(std::string file, Mark mark, std::string message, std::string hint) {
  ++errors_;
  add({std::move(file), mark, std::move(message), std::move(hint), Diagnostic::Severity::error});
}

void Diagnostics::warning(std::string file, Mark mark, std::string message, std::string hint) {
  add({std::move(file), mark, std::move(message), std::move(hint), Diagnostic::Severity::warning});
}

void Diagnostics::add(const Diagnostics& others) {
  for (const Diagnostic& diagnostic : others.all_) add(diagnostic);
  errors_ += others.errors_;
  left_out_ += others.left_out_;
}

void Diagnostics::add(Diagnostic diagnostic) {
  constexpr std::size_t kMost = 2000;
  if (all_.size() >= kMost) {
    ++left_out_;
  } else {
    all_.push_back(std::move(diagnostic));
  }
}

std::vector<const Diagnostic*> Diagnostics::sorted() const {
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& diagnostic : all_) sorted.push_back(&diagnostic);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return before(*a, *b); });
  std::vector<const Diagnostic*> once;
  for (const Diagnostic* const each : sorted) {
    // One place can be complained about twice when an alias repeats it.
    const bool repeated = std::any_of(once.begin(), once.end(), [each](const auto* earlier) {
      return !before(*earlier, *each) && same(*earlier, *each);
    });
    if (!repeated) once.push_back(each);
  }
  return once;
}

std::string Diagnostics::text() const {
  std::string text;
  for (const Diagnostic* const each : sorted()) text += line_of(*each);
  if (left_out_ != 0) text += "and " + std::to_string(left_out_) + " more\n";
  return text;
}

}  // namespace weir::host::spec
