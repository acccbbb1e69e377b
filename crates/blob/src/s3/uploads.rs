//! What S3 knows of uploads that have not ended: their parts, and which there
//! are.

use chrono::{DateTime, Utc};
use http::Method;
use serde::Deserialize;

use super::{
    Shared,
    calls::{Call, CallError},
};

/// A part that has arrived, as
/// [ListParts](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html)
/// has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Part {
    #[serde(rename = "PartNumber")]
    pub number: u32,
    #[serde(rename = "ETag")]
    pub etag: String,
    pub size: u64,
    pub last_modified: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parts {
    #[serde(default)]
    is_truncated: bool,
    #[serde(default)]
    next_part_number_marker: Option<String>,
    #[serde(default, rename = "Part")]
    found: Vec<Part>,
}

/// An upload, as
/// [ListMultipartUploads](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html)
/// has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Upload {
    pub key: String,
    #[serde(rename = "UploadId")]
    pub id: String,
    pub initiated: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Uploads {
    #[serde(default)]
    is_truncated: bool,
    #[serde(default)]
    next_key_marker: String,
    #[serde(default)]
    next_upload_id_marker: String,
    #[serde(default, rename = "Upload")]
    found: Vec<Upload>,
}

impl Shared {
    /// The parts of an upload, by number.
    pub async fn list_parts(&self, key: &str, id: &str) -> Result<Vec<Part>, CallError> {
        let (mut parts, mut after) = (Vec::new(), None);
        loop {
            let mut query = vec![("uploadId", id.to_owned())];
            query.extend(after.map(|marker| ("part-number-marker", marker)));
            let page: Parts = self.ask(key, query).await?;
            parts.extend(page.found);
            after = page.next_part_number_marker.filter(|_| page.is_truncated);
            if after.is_none() {
                parts.sort_by_key(|part: &Part| part.number);
                return Ok(parts);
            }
        }
    }

    /// The uploads to keys that begin with `prefix`.
    pub async fn list_uploads(&self, prefix: &str) -> Result<Vec<Upload>, CallError> {
        let (mut uploads, mut after) = (Vec::new(), Vec::new());
        loop {
            let mut query = vec![("uploads", String::new())];
            if !prefix.is_empty() {
                query.push(("prefix", prefix.to_owned()));
            }
            query.append(&mut after);
            let page: Uploads = self.ask("", query).await?;
            uploads.extend(page.found);
            if !page.is_truncated {
                return Ok(uploads);
            }
            after.push(("key-marker", page.next_key_marker));
            after.push(("upload-id-marker", page.next_upload_id_marker));
        }
    }

    /// When the last part of an upload arrived, or when it began.
    pub async fn last_sign_of_life(&self, upload: &Upload) -> Result<DateTime<Utc>, CallError> {
        let parts = self.list_parts(&upload.key, &upload.id).await?;
        let newest = parts.iter().map(|part| part.last_modified).max();
        Ok(newest.map_or(upload.initiated, |newest| newest.max(upload.initiated)))
    }

    /// Asks for a document.
    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        key: &str,
        query: Vec<(&'static str, String)>,
    ) -> Result<T, CallError> {
        let call = Call { method: Method::GET, key, query, headers: Vec::new(), body: None };
        let answer = self.calls.send(&call).await?;
        Ok(quick_xml::de::from_reader(&*answer.body)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the page that [`Part`] refers to, with a second part.
    #[test]
    fn the_parts_of_amazons_example_are_understood() {
        let page: Parts = quick_xml::de::from_str(
            r#"<?xml version="1.0" encoding="UTF-8"?>
            <ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
              <Bucket>example-bucket</Bucket><Key>example-object</Key>
              <UploadId>XXBsb2FkIElEIGZvciBlbHZpbmcncyVcdS1tb3ZpZS5tMnRzEEEwbG9hZA</UploadId>
              <Initiator><ID>arn:aws:iam::111122223333:user/x</ID></Initiator>
              <StorageClass>STANDARD</StorageClass>
              <PartNumberMarker>1</PartNumberMarker>
              <NextPartNumberMarker>3</NextPartNumberMarker>
              <MaxParts>2</MaxParts><IsTruncated>true</IsTruncated>
              <Part><PartNumber>2</PartNumber><LastModified>2010-11-10T20:48:34.000Z</LastModified>
                <ETag>"7778aef83f66abc1fa1e8477f296d394"</ETag><Size>10485760</Size></Part>
              <Part><PartNumber>3</PartNumber><LastModified>2010-11-10T20:48:33.000Z</LastModified>
                <ETag>"aaaa18db4cc2f85cedef654fccc4a4x8"</ETag><Size>7</Size></Part>
            </ListPartsResult>"#,
        )
        .unwrap();

        let parts: Vec<_> = page.found.iter().map(|part| (part.number, part.size)).collect();
        assert_eq!(parts, [(2, 10_485_760), (3, 7)]);
        assert_eq!(page.found[0].etag, "\"7778aef83f66abc1fa1e8477f296d394\"");
        assert_eq!((page.is_truncated, page.next_part_number_marker.as_deref()), (true, Some("3")));
    }

    #[test]
    fn the_uploads_of_a_bucket_are_understood() {
        let page: Uploads = quick_xml::de::from_str(
            r#"<ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
              <Bucket>bucket</Bucket><KeyMarker></KeyMarker><UploadIdMarker></UploadIdMarker>
              <NextKeyMarker>my-movie.m2ts</NextKeyMarker>
              <NextUploadIdMarker>YW55IGlkZWE</NextUploadIdMarker>
              <MaxUploads>3</MaxUploads><IsTruncated>true</IsTruncated>
              <Upload><Key>my-divisor</Key><UploadId>XMgbGlrZSBlbHZpbm</UploadId>
                <Owner><ID>mtd</ID><DisplayName>o</DisplayName></Owner>
                <StorageClass>STANDARD</StorageClass>
                <Initiated>2010-11-10T20:48:33.000Z</Initiated></Upload>
            </ListMultipartUploadsResult>"#,
        )
        .unwrap();

        assert_eq!(page.found[0].key, "my-divisor");
        assert_eq!((page.is_truncated, &*page.next_upload_id_marker), (true, "YW55IGlkZWE"));
        let none: Uploads =
            quick_xml::de::from_str("<ListMultipartUploadsResult></ListMultipartUploadsResult>")
                .unwrap();
        assert!(none.found.is_empty() && !none.is_truncated);
    }
}
