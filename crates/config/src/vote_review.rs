//! When votes are flagged for review.

use anb_domain::vote_review::ReviewRules;

use crate::check::Report;

/// Section `vote_review` is what the domain works with.
pub(crate) fn check(rules: &ReviewRules, report: &mut Report) {
    // One vote is no cluster and no burst.
    report.at_least("vote_review.network_votes", rules.network_votes, 2);
    report.at_least("vote_review.device_votes", rules.device_votes, 2);
    report.at_least("vote_review.burst_votes", rules.burst_votes, 2);
    report.at_least("vote_review.fast_votes", rules.fast_votes, 2);
    report.within("vote_review.cluster_minutes", rules.cluster_minutes, 1, 1440);
    report.within("vote_review.new_account_minutes", rules.new_account_minutes, 1, 525_600);
    report.within("vote_review.newborn_seconds", rules.newborn_seconds, 0, 3600);
    report.within("vote_review.burst_minutes", rules.burst_minutes, 1, 1440);
    report.within("vote_review.burst_factor", rules.burst_factor, 2, 1000);
    report.within("vote_review.fast_seconds", rules.fast_seconds, 1, 3600);
    report.within("vote_review.keep_hashes_days", rules.keep_hashes_days, 1, 3650);
}
