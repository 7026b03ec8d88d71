#include "spec/cycles.h"

#include <algorithm>
#include <deque>
#include <map>

namespace weir::host::spec {
namespace {

using EdgeNumbers = std::vector<std::size_t>;

class Graph {
 public:
  explicit Graph(const std::vector<Edge>& edges) : edges_(edges) {
    for (std::size_t edge = 0; edge < edges.size(); ++edge) leaving_[edges[edge].from].push_back(edge);
  }

  /// The shortest way that begins with this edge and ends where it begins; empty: there is none.
  [[nodiscard]] EdgeNumbers shortest_cycle(std::size_t first) const {
    const std::size_t goal = edges_[first].from;
    std::map<std::size_t, std::size_t> reached_by{{edges_[first].to, first}};  // node to edge
    std::deque<std::size_t> todo{edges_[first].to};
    while (!todo.empty() && !reached_by.contains(goal)) {
      const auto leaving = leaving_.find(todo.front());
      todo.pop_front();
      if (leaving == leaving_.end()) continue;
      for (const std::size_t edge : leaving->second) {
        if (reached_by.emplace(edges_[edge].to, edge).second) todo.push_back(edges_[edge].to);
      }
    }
    return reached_by.contains(goal) ? way_back(goal, first, reached_by) : EdgeNumbers();
  }

 private:
  [[nodiscard]] EdgeNumbers way_back(std::size_t goal, std::size_t first,
                                     const std::map<std::size_t, std::size_t>& reached_by) const {
    EdgeNumbers cycle;
    for (std::size_t node = goal; cycle.empty() || cycle.back() != first; node = edges_[cycle.back()].from)
      cycle.push_back(reached_by.at(node));
    std::reverse(cycle.begin(), cycle.end());
    return cycle;
  }

  const std::vector<Edge>& edges_;
  std::map<std::size_t, EdgeNumbers> leaving_;  // by node
};

}  // namespace

std::vector<std::vector<std::size_t>> find_cycles(const std::vector<Edge>& edges) {
  const Graph graph(edges);
  std::vector<std::vector<std::size_t>> cycles;
  std::vector<bool> known(edges.size());
  for (std::size_t edge = 0; edge < edges.size(); ++edge) {
    if (known[edge]) continue;
    EdgeNumbers cycle = graph.shortest_cycle(edge);
    for (const std::size_t member : cycle) known[member] = true;
    if (!cycle.empty()) cycles.push_back(std::move(cycle));
  }
  return cycles;
}

}  // namespace weir::host::spec
