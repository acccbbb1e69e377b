audit-title = Audit log
audit-lead = All that has been done, latest first. Nobody can change or remove it.
audit-export = Export (CSV, JSON)
audit-filter = Filter
audit-any = Any
audit-all = Show all
audit-none = Nothing matches.
audit-wrong = We cannot search like that: check the days (YYYY-MM-DD) and the action.
audit-latest = Latest
audit-when = When
audit-who = Who
audit-who-hint = Name or id
audit-what = What
audit-subject = To what
audit-id = Id
audit-from = From (UTC)
audit-to = To (UTC)
audit-change = Before → after
audit-where = From where
audit-more = More
audit-request = Request
audit-terminal = Terminal
audit-system = The system
audit-anonymous = Anonymous
audit-yes = yes
audit-no = no

audit-kind-console = Console
audit-kind-contest = Contest
audit-kind-export = Export
audit-kind-panel = Jury panel
audit-kind-player = Person
audit-kind-queue = Queue
audit-kind-reprocessing = Reprocessing
audit-kind-session = Session
audit-kind-video = Video
audit-kind-vote-flag = Vote flag
audit-kind-votes = Votes
audit-kind-webhook = Webhook

audit-value-active = Active
audit-value-attempt = Attempt
audit-value-sessions-ended = Sessions ended
audit-value-failure = Failure
audit-value-format = Format
audit-value-left = Left
audit-value-letters = Messages
audit-value-name = Name
audit-value-open = Open
audit-value-retried = Retried
audit-value-role = Role
audit-value-rows = Rows
audit-value-scope = Scope
audit-value-state = State
audit-value-status = State
audit-value-tries = Tries
audit-value-videos = Videos
audit-value-visibility = Visibility
audit-value-votes = Votes
audit-value-word = Word for joining

# What was done, by its name in the log: `audit-<action>`.
audit-signed-in = Signed in
audit-sign-in-refused = Was refused at sign-in
audit-signed-out = Signed out
audit-session-ended = Ended a session
audit-second-factor-enrolled = Set up a second factor
audit-second-factor-changed = Changed the second factor
audit-second-factor-reset = Reset the second factor
audit-recovery-code-used = Used a recovery code
audit-recovery-codes-renewed = Renewed the recovery codes
audit-role-granted = Granted a role

audit-video-retried = Retried a video
audit-video-cancelled = Cancelled an attempt
audit-video-reprocessed = Reprocessed a video
audit-reprocessing-started = Started reprocessing
audit-reprocessing-stopped = Stopped reprocessing
audit-reprocessing-paused = Paused reprocessing
audit-reprocessing-resumed = Resumed reprocessing
audit-dead-letters-redriven = Put dead letters back in the queue
audit-queue-purged = Purged the dead letters

audit-video-published = Published a video
audit-video-unpublished = Unpublished a video
audit-video-approved = Approved a video
audit-video-declined = Declined a video
audit-video-disqualified = Disqualified a video
audit-video-reinstated = Reinstated a video
audit-video-ruling-undone = Undid a ruling on a video
audit-video-deleted = Deleted a video
audit-report-dismissed = Dismissed reports

audit-votes-struck = Struck votes
audit-votes-restored = Restored votes
audit-cluster-dismissed = Dismissed a cluster of votes

audit-panel-created = Created a panel
audit-panel-changed = Changed a panel
audit-panel-closed = Closed a panel
audit-score-given = Scored a play
audit-conflict-declared = Declared a conflict of interest

audit-player-sessions-revoked = Ended all of somebody's sessions
audit-player-exported = Exported somebody's data
audit-player-erased = Erased a player
audit-export-made = Made an export

audit-contest-changed = Changed the contest
audit-brand-changed = Changed the brand

audit-webhook-created = Created a webhook
audit-webhook-changed = Changed a webhook
audit-webhook-deleted = Deleted a webhook
audit-webhook-tested = Sent a test event
audit-webhook-redelivered = Sent an event again
audit-webhook-switched-off = Switched a webhook off: its receiver wants no more events
