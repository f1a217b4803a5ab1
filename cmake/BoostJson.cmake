# Where Boost.JSON's headers are: nothing of Boost is linked.
find_path(BOOST_JSON_INCLUDE_DIR boost/json/basic_parser_impl.hpp)
if(NOT BOOST_JSON_INCLUDE_DIR)
  message(FATAL_ERROR "boost/json/basic_parser_impl.hpp is not found: Boost 1.81 or newer is needed; ./setup --plugin installs it "
                      "where the distribution has it. -DBOOST_JSON_INCLUDE_DIR=DIR names an unpacked Boost: only headers are used")
endif()
mark_as_advanced(BOOST_JSON_INCLUDE_DIR)
