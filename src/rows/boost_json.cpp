// What of Boost.JSON is no template, compiled once as its manual says. No library of it is linked, because
// those of Linux distributions have one string ABI only.
#include <boost/json/src.hpp>
