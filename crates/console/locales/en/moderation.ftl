moderation-title = Moderation
moderation-show = Which videos
moderation-awaiting = Await approval
moderation-public = Public
moderation-hidden = Hidden
moderation-disqualified = Disqualified
moderation-none = There is no video here.
moderation-nobody = account gone
moderation-votes = { $count ->
    [one] { $figure } vote
   *[other] { $figure } votes
}
moderation-total = { $count ->
    [one] { $figure } video
   *[other] { $figure } videos
}
moderation-before = Before
moderation-after = After
moderation-approve = Approve
moderation-publish = Publish
moderation-decline = Decline
moderation-unpublish = Unpublish
moderation-disqualify = Disqualify
moderation-reinstate = Reinstate
moderation-undo = Undo
moderation-reason = Reason, which its player reads
moderation-reason-title = Why?
moderation-reason-lead = { $count ->
    [one] The player of this video reads the reason.
   *[other] The players of these { $figure } videos read the reason.
}
moderation-reason-missing = Write a reason of up to 500 characters.
moderation-go = Do it
moderation-of-one = Who sees it
moderation-life = Its whole life
moderation-keys = Keys
moderation-key-move = Next, previous
moderation-key-select = Select
moderation-keys-on = Use these keys
