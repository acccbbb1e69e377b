console = Console
skip = Skip to content
menu = Menu
menu-close = Close the menu
sections = Sections
sign-out = Sign out
language-other = Español
refresh = Refresh
pages = Pages
pages-newer = Newer
pages-older = Older
back = Back

nav-overview = Overview
nav-queue = Queue
nav-videos = Videos
nav-dead-letters = Dead letters
nav-moderation = Moderation
nav-reports = Reports
nav-votes = Votes
nav-jury = Jury
nav-players = Players
nav-contest = Contest
nav-webhooks = Webhooks
nav-exports = Exports
nav-audit = Audit

role-player = player
role-jury = jury
role-operator = operator
role-admin = admin

state-uploading = Uploading
state-pending = Pending
state-processing = Processing
state-completed = Published
state-rejected = Rejected
state-failed = Failed
state-deleted = Deleted

one-uploading = uploading
one-pending = pending
one-processing = processing
one-completed = published
one-rejected = rejected
one-failed = failed
one-deleted = deleted

seen-public = Public
seen-awaiting = Awaits approval
seen-hidden = Hidden
seen-disqualified = Disqualified
