#pragma once
#include <string>
#include <vector>

#include "layers/registry.hpp"

namespace lithiate::layers {

/// One period of a stack as positions in the list of registries, from below.
using Sequence = std::vector<int>;

/// Reads "R+ a b R-" (names of registries), "O3-random:SEED:N" (N gaps drawn from the O3
/// registries) or a name of named_sequences(). Throws InputError with what is known.
Sequence parse_sequence(const std::string& text, const std::vector<Registry>& known);

/// Names for stacks and what they stand for. MX3: O1-AAA, O1-R (R+ throughout), O3-aaa, O3-abc, P3
/// (Pa throughout). MX2: H1-3, O3 and O1 gaps in turn (Van der Ven et al., Phys. Rev. B 58, 2975
/// (1998)); O1, O3 and P3 are registries already.
std::vector<std::pair<std::string, std::string>> named_sequences(
    const std::vector<Registry>& known);

/// "R+ a b R-"
std::string text(const Sequence& sequence, const std::vector<Registry>& known);

/// What a symmetry of the free slab does to the registries of a stack.
struct RegistryAction {
  std::vector<int> image;  ///< per registry
  bool reverses;           ///< turns the stack upside down: the sequence is read backwards
};
/// One action per element of the slab's point group, by spglib on one slab in a void. Throws
/// InputError if none is found.
std::vector<RegistryAction> registry_actions(const Slab& slab, const std::vector<Registry>& known);

/// The first in lexicographic order of all sequences that give the same crystal, in any orientation
/// or as its mirror image: under the actions, cyclic shifts and reversal.
Sequence canonical(const Sequence& sequence, const std::vector<RegistryAction>& actions);

struct DistinctSequence {
  Sequence sequence;  ///< canonical
  int copies = 0;     ///< number of sequences equal to it
};
/// Every distinct sequence of n gaps out of the registries `choices`, in lexicographic order;
/// periods of n / 2 and so on are among them. Throws InputError unless n >= 1 and there are at most
/// 300000 sequences.
std::vector<DistinctSequence> distinct_sequences(const Slab& slab,
                                                 const std::vector<Registry>& known,
                                                 const std::vector<int>& choices, int n);

/// Positions of the registries with one of these stackings.
std::vector<int> registries_of(const std::vector<std::string>& stackings,
                               const std::vector<Registry>& known);

}  // namespace lithiate::layers
