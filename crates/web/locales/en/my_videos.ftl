my-videos-title = My videos
my-videos-upload = Upload another
my-videos-open = { $count ->
    [one] An unfinished upload
   *[other] { $figure } unfinished uploads
}
my-videos-open-until = can be resumed until
my-videos-resume = Go on uploading
my-videos-none = No videos yet
my-videos-none-lead = Choose your best play: we trim it, put the mark on it and publish it.
my-videos-first = Upload my first video
my-videos-uploaded = Uploaded on
my-videos-pending = In line
my-videos-processing = Processing
my-videos-completed = Published
my-videos-rejected = Not accepted
my-videos-failed = In trouble
my-videos-next = It is next in line.
my-videos-place = It is at about place { $place } in the line.
my-videos-working = We trim it, fit it and put the contest’s mark on it.
my-videos-watch = See it in the showcase
my-videos-result = Download published
my-videos-original = Download original
my-videos-another = Upload another
my-videos-delete = Delete
my-videos-stays = It has votes already, so it cannot be deleted.
my-videos-delete-title = Delete this video?
my-videos-delete-means = It goes with all its files, and this cannot be undone.
my-videos-delete-confirm = Yes, delete it
my-videos-keep = No, keep it
my-videos-back = Back to my videos
my-videos-reload = Reload the page to see how they fare.
my-videos-news = { $title }: { $status }
