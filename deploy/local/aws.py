"""Makes bucket and queues as the platform needs them, on whatever plays AWS at
`AWS_ENDPOINT_URL`. May be run again."""

from __future__ import annotations

import json
import os
import sys

import boto3

VISIBILITY_S = 120
MAX_RECEIVES = 3


def make_bucket(name: str, origin: str) -> None:
    """A private bucket to which the site at `origin` may send parts."""
    s3 = boto3.client("s3")
    region = s3.meta.region_name
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        s3.create_bucket(Bucket=name, **place)
    except s3.exceptions.BucketAlreadyOwnedByYou:
        pass
    rule = {
        "AllowedOrigins": [origin], "AllowedMethods": ["GET", "HEAD", "PUT"], "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 3600,
    }
    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [rule]})


def make_queues(name: str, dead_letters: str) -> tuple[str, str]:
    """The queue, and the one of its dead letters; their addresses."""
    sqs = boto3.client("sqs")
    two_weeks = {"MessageRetentionPeriod": "1209600"}
    dead = sqs.create_queue(QueueName=dead_letters, Attributes=two_weeks)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = {"deadLetterTargetArn": arn, "maxReceiveCount": MAX_RECEIVES}
    attributes = {"VisibilityTimeout": str(VISIBILITY_S), "RedrivePolicy": json.dumps(redrive)} | two_weeks
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"], dead


def main() -> None:
    bucket, queue, dead_letters, origin = sys.argv[1:]
    make_bucket(bucket, origin)
    for url in make_queues(queue, dead_letters):
        print(url)


if __name__ == "__main__":
    if len(sys.argv) != 5 or "AWS_ENDPOINT_URL" not in os.environ:
        sys.exit("usage: AWS_ENDPOINT_URL=http://localhost:5000 aws.py BUCKET QUEUE DEAD_LETTERS ORIGIN")
    main()
