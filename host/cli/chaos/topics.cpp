#include "cli/chaos/topics.h"

#include <algorithm>
#include <charconv>

#include "spec/scalar.h"

namespace weir::host::cli::chaos {

Result<std::vector<Topic>> parse_topics(std::string_view list) {
  std::vector<Topic> topics;
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    const std::size_t colon = item.find(':');
    const std::string_view digits = colon == std::string_view::npos ? "" : item.substr(colon + 1);
    Topic topic{std::string(item.substr(0, colon)), 0};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), topic.partitions);
    const bool is_number = error == std::errc() && end == digits.data() + digits.size();
    if (!spec::is_topic_name(topic.name) || !is_number || topic.partitions < 1 || topic.partitions > 10'000)
      return Status::config("--topics: '" + std::string(item) + "' is not NAME:PARTITIONS");
    topics.push_back(std::move(topic));
  }
  return topics;
}

std::vector<Topic> merged_topics(std::vector<Topic> wanted, const std::vector<Topic>& declared) {
  for (const Topic& topic : declared) {
    const auto known =
        std::find_if(wanted.begin(), wanted.end(), [&](const Topic& each) { return each.name == topic.name; });
    if (known == wanted.end()) wanted.push_back(topic);
  }
  return wanted;
}

}  // namespace weir::host::cli::chaos
