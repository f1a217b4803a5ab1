#include "client/consumer/member_claim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "rocketmq/error.h"

namespace rocketmq::client {
namespace {

using testing::AllOf;
using testing::HasSubstr;

ClusterIdentity cluster(const std::string& name_servers, const std::string& domain = {},
                        const std::string& name_space = {}) {
  ClientConfig config;
  config.name_server_addresses = name_servers;
  config.name_server_domain = domain;
  config.name_space = name_space;
  return cluster_of(config);
}

GroupMember member(const std::string& name, const std::string& group = "g",
                   const std::string& name_servers = "c:1", const std::string& expression = "*",
                   const std::string& topic = "t") {
  GroupMember result;
  result.client_id = "ip@" + name;
  result.group = group;
  result.instance_name = name;
  result.label = "job " + name;
  EXPECT_FALSE(
      wire::parse_tag_expression(topic, expression, 1, result.subscriptions.emplace_back()).failed());
  result.cluster = cluster(name_servers);
  return result;
}

std::string refusal_of(GroupMember wanted) {
  try {
    (void)claim_membership(std::move(wanted));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid_argument);
    return error.what();
  }
  return "(none)";
}

TEST(MemberClaim, OneNameIsAMemberOfAGroupOnce) {
  auto first = claim_membership(member("i"));
  EXPECT_THAT(refusal_of(member("i")),
              HasSubstr("group 'g' with instanceName 'i' is running in this process already"));
  first.reset();
  EXPECT_EQ(refusal_of(member("i")), "(none)") << "the name is free again";
}

TEST(MemberClaim, OtherNamesGroupsAndClustersDoNotMatter) {
  const auto first = claim_membership(member("i"));
  EXPECT_EQ(refusal_of(member("j")), "(none)");
  EXPECT_EQ(refusal_of(member("i", "h")), "(none)");
  EXPECT_EQ(refusal_of(member("i", "g", "d:1")), "(none)");
}

TEST(MemberClaim, AGroupHasOneSubscriptionAndTheRefusalNamesTheFirst) {
  auto first = claim_membership(member("i", "g", "c:1", "tagA"));
  EXPECT_THAT(refusal_of(member("j", "g", "c:1", "tagB")),
              AllOf(HasSubstr("group 'g' has another subscription in this process already: job i has "
                              "topic 't', expression 'tagA', CLUSTERING"),
                    HasSubstr("this one would have topic 't', expression 'tagB', CLUSTERING")));
  EXPECT_THAT(refusal_of(member("j", "g", "c:1", "tagA", "u")), HasSubstr("job i has topic 't'"));
  GroupMember everywhere = member("j", "g", "c:1", "tagA");
  everywhere.broadcasting = true;
  EXPECT_THAT(refusal_of(everywhere), HasSubstr("expression 'tagA', BROADCASTING"));
  GroupMember by_condition = member("j", "g", "c:1", "tagA");
  by_condition.subscriptions.front().expression_type = "SQL92";
  EXPECT_THAT(refusal_of(by_condition), HasSubstr("SQL92 expression 'tagA'"));
  EXPECT_EQ(refusal_of(member("j", "h", "c:1", "tagB")), "(none)");
  first.reset();
  EXPECT_EQ(refusal_of(member("j", "g", "c:1", "tagB")), "(none)") << "one that has ended does not count";
}

TEST(MemberClaim, TheSameSubscriptionTwiceIsWhatGroupsAreFor) {
  const auto first = claim_membership(member("i", "g", "c:1", "tagA || tagB"));
  EXPECT_EQ(refusal_of(member("j", "g", "c:1", "tagB||tagA")), "(none)");
}

TEST(MemberClaim, OneClusterIsKnownHoweverItsAddressesAreWritten) {
  const auto first = claim_membership(member("i", "g", "one:9876;two:9876", "tagA"));
  for (const char* same : {"two:9876; one:9876", "TWO:9876", "three:9876,one:9876"})
    EXPECT_THAT(refusal_of(member("j", "g", same, "tagB")), HasSubstr("job i has")) << same;
  EXPECT_EQ(refusal_of(member("j", "g", "one:9877", "tagB")), "(none)");
}

TEST(MemberClaim, WhatTurnsOutToBeTheSameClusterIsRefusedThen) {
  const auto first = claim_membership(member("i", "g", "name-server:9876", "tagA"));
  ClusterIdentity learnt = cluster("name-server:9876");
  learnt.add_server("10.0.0.7:10911");
  update_cluster(*first, learnt);
  const auto second = claim_membership(member("j", "g", "10.0.0.1:9876", "tagB"));
  ClusterIdentity same = cluster("10.0.0.1:9876");
  same.add_server("10.0.0.7:10911");
  EXPECT_THROW(update_cluster(*second, same), Error);
  EXPECT_NO_THROW(update_cluster(*second, cluster("10.0.0.1:9876"))) << "as long as nothing shows it";
}

TEST(ClusterIdentity, TwoClientsOfOneClusterHaveAServerInCommon) {
  EXPECT_TRUE(cluster("a:1;b:1").meets(cluster("b:1;c:1")));
  EXPECT_FALSE(cluster("a:1").meets(cluster("c:1")));
  EXPECT_TRUE(cluster("", "mq.example.com").meets(cluster("x:1", "mq.example.com")));
  EXPECT_FALSE(cluster("a:1", "", "ns1").meets(cluster("a:1", "", "ns2"))) << "names are of a namespace";
  EXPECT_FALSE(cluster("").is_known());
  EXPECT_FALSE(cluster("").meets(cluster("")));
}

}  // namespace
}  // namespace rocketmq::client
