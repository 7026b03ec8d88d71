#include "json/cutter.h"

#include "json/text.h"

namespace weir::host::json {
namespace {

/// Where the containers begin that paths go on into, from front to back.
void add_descended(const Place& place, const char* text, std::vector<std::uint32_t>& begins) {
  if (!place.is_container() || !descends(place.nodes)) return;
  begins.push_back(static_cast<std::uint32_t>(place.text - text));
  for (const Place* child = place.first; child != nullptr; child = child->next) add_descended(*child, text, begins);
}

const std::uint32_t* behind_container(std::string_view text, const std::uint32_t* token) {
  std::size_t open = 0;
  do {
    const char c = text[*token++];
    if (c == '{' || c == '[') ++open;
    if (c == '}' || c == ']') --open;
  } while (open > 0);
  return token;
}

Next kind_of_value(char first) {
  if (first == '{' || first == '[') return Next::container;
  return first == '"' ? Next::string : Next::scalar;
}

class Cutter {
 public:
  Cutter(std::string_view text, StructuralIndex::Stretch tokens, const Place& root)
      : text_(text), at_(tokens.at), first_(tokens.at), stop_(tokens.stop), depth_(root.depth) {
    add_descended(root, text.data(), descended_);
    piece_.lead = *at_;
  }

  std::vector<Piece> run(std::size_t most) {
    while (find_value()) {
      if (pieces_.size() + 1 == most) return {};
      take_value();
    }
    piece_.stop = static_cast<std::uint32_t>(text_.size());
    piece_.next = Next::end;
    pieces_.push_back(piece_);
    return std::move(pieces_);
  }

 private:
  /// Moves on to the next value; brackets of descended containers, names and the like are none. False: there is none.
  bool find_value() {
    for (; at_ != stop_; ++at_) {
      const char c = text_[*at_];
      if (c == '}' || c == ']') {
        --depth_;
      } else if (next_ < descended_.size() && descended_[next_] == *at_) {
        ++next_;
        ++depth_;
      } else if (c != ',' && c != ':' && (c != '"' || text_[at_[1]] != ':')) {
        return true;
      }
    }
    return false;
  }

  void take_value() {
    piece_.next = kind_of_value(text_[*at_]);
    const std::uint32_t quote = piece_.next == Next::string ? 1 : 0;
    piece_.stop = *at_ + quote;
    piece_.tokens = static_cast<std::uint32_t>(at_ - first_);
    piece_.depth = depth_;
    pieces_.push_back(piece_);
    at_ = first_ = piece_.next == Next::container ? behind_container(text_, at_) : at_ + 1;
    piece_.start = static_cast<std::uint32_t>(skip_space_before(text_.data() + *at_) - text_.data()) - quote;
    piece_.lead = *at_ - piece_.start;
  }

  std::string_view text_;
  const std::uint32_t* at_;
  const std::uint32_t* first_;  // of the run
  const std::uint32_t* stop_;
  unsigned depth_;
  std::vector<std::uint32_t> descended_;
  std::size_t next_ = 0;  // of those
  Piece piece_;
  std::vector<Piece> pieces_;
};

}  // namespace

std::vector<Piece> cut(std::string_view text, StructuralIndex::Stretch tokens, const Place& root, std::size_t most) {
  return Cutter(text, tokens, root).run(most);
}

}  // namespace weir::host::json
