//! The catalogue of problems: code, status, and what to say.

use http::StatusCode;
use serde::{Serialize, Serializer};

use super::Sentence;

macro_rules! catalogue {
    ($($variant:ident = $code:literal $status:ident
        $title_es:literal $title_en:literal
        $detail_es:literal $detail_en:literal;)+) => {
        /// Every kind of problem that a client can be told of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($variant,)+
        }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// For programs; never changes.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// The kind of problem in a few words.
            #[must_use]
            pub fn title(self) -> Sentence {
                match self { $(Self::$variant => Sentence::new($title_es, $title_en),)+ }
            }

            /// What is wrong and what to do about it.
            #[must_use]
            pub fn detail(self) -> Sentence {
                match self { $(Self::$variant => Sentence::new($detail_es, $detail_en),)+ }
            }
        }
    };
}

catalogue! {
    MalformedRequest = "malformed_request" BAD_REQUEST
        "Petición mal formada" "Malformed request"
        "No entendemos la petición." "We do not understand the request.";
    MalformedJson = "malformed_json" BAD_REQUEST
        "JSON mal formado" "Malformed JSON"
        "El cuerpo de la petición no es JSON válido." "The body of the request is not valid JSON.";
    MalformedForm = "malformed_form" BAD_REQUEST
        "Formulario mal formado" "Malformed form"
        "El formulario está incompleto o no es multipart/form-data válido. Vuelve a intentarlo."
        "The form is incomplete or not valid multipart/form-data. Try again.";
    InvalidQuery = "invalid_query" BAD_REQUEST
        "Parámetros no válidos" "Invalid parameters"
        "Algún parámetro de la dirección no es válido." "A parameter of the address is not valid.";
    EmailTaken = "email_taken" BAD_REQUEST
        "Correo ya registrado" "E-mail address taken"
        "Ya hay una cuenta con este correo. Inicia sesión o usa otro."
        "There is an account with this address already. Log in, or use another one.";
    PasswordsDiffer = "passwords_differ" BAD_REQUEST
        "Las contraseñas no coinciden" "The passwords differ"
        "Escribe la misma contraseña las dos veces." "Type the same password twice.";
    PasswordTooWeak = "password_too_weak" BAD_REQUEST
        "Contraseña demasiado débil" "Password too weak"
        "Usa al menos 8 caracteres que no sean fáciles de adivinar."
        "Use at least 8 characters that are not easy to guess.";
    PasswordTooLong = "password_too_long" BAD_REQUEST
        "Contraseña demasiado larga" "Password too long"
        "Usa como mucho 256 caracteres." "Use at most 256 characters.";
    InvalidTitle = "invalid_title" BAD_REQUEST
        "Título no válido" "Invalid title"
        "Ponle al vídeo un título de 1 a 120 caracteres." "Give the video a title of 1 to 120 characters.";
    InvalidCategory = "category" BAD_REQUEST
        "Categoría no válida" "Invalid category"
        "Elige una de las categorías del concurso." "Choose one of the contest’s categories.";
    EmptyFile = "empty_file" BAD_REQUEST
        "Archivo vacío" "Empty file"
        "El archivo no contiene nada. Elige otro." "There is nothing in the file. Choose another one.";
    NotAVideo = "not_a_video" BAD_REQUEST
        "No es un vídeo" "Not a video"
        "El archivo no es un vídeo que podamos abrir. Sube un MP4, MOV, WebM o MKV."
        "The file is not a video we can open. Upload an MP4, MOV, WebM or MKV.";
    TooLarge = "too_large" BAD_REQUEST
        "Vídeo demasiado grande" "Video too large"
        "El vídeo supera el tamaño máximo. Recórtalo o comprímelo."
        "The video is larger than the limit. Trim or compress it.";
    WrongPartSize = "wrong_part_size" BAD_REQUEST
        "Tamaño de parte incorrecto" "Wrong size of a part"
        "La parte no tiene el tamaño para el que es su enlace."
        "The part does not have the size that its link is for.";
    HasVotes = "has_votes" BAD_REQUEST
        "El vídeo ya tiene votos" "The video has votes"
        "Un vídeo publicado que ya recibió votos no se puede borrar."
        "A published video that has votes cannot be deleted.";
    AlreadyVoted = "already_voted" BAD_REQUEST
        "Ya votaste" "Already voted"
        "Ya votaste por este vídeo." "You have voted for this video before.";
    AlreadyReported = "already_reported" CONFLICT
        "Ya lo reportaste" "Already reported"
        "Ya reportaste este vídeo." "You have reported this video before.";
    NotVoted = "not_voted" BAD_REQUEST
        "No has votado" "Not voted"
        "No hay ningún voto tuyo que retirar en este vídeo."
        "There is no vote of yours to withdraw from this video.";
    VoteStruck = "vote_struck" BAD_REQUEST
        "Tu voto fue anulado" "Your vote was struck"
        "Tu voto por este vídeo fue anulado tras una revisión: no cuenta, y no se puede retirar ni repetir."
        "Your vote for this video was struck after a review: it does not count, and can neither be withdrawn nor cast again.";
    OwnVideo = "own_video" BAD_REQUEST
        "Es tu propio vídeo" "Your own video"
        "No puedes votar por tu propio vídeo." "You cannot vote for your own video.";
    VotingClosed = "voting_closed" BAD_REQUEST
        "Votación cerrada" "Voting is closed"
        "Ahora mismo no se puede votar ni retirar votos." "Votes are neither taken nor withdrawn at the moment.";
    Unauthenticated = "unauthenticated" UNAUTHORIZED
        "Falta iniciar sesión" "Not logged in"
        "Inicia sesión: falta el token de acceso, o ya no es válido."
        "Log in: the access token is missing or no longer valid.";
    InvalidCredentials = "invalid_credentials" UNAUTHORIZED
        "Credenciales incorrectas" "Wrong credentials"
        "El correo o la contraseña no son correctos." "The e-mail address or the password is wrong.";
    CrossSite = "cross_site" FORBIDDEN
        "Viene de otro sitio" "From another site"
        "La petición no viene de una página nuestra. No se ha hecho nada."
        "The request does not come from a page of ours. Nothing was done.";
    SubmissionsClosed = "submissions_closed" FORBIDDEN
        "Inscripciones cerradas" "Submissions are closed"
        "Ahora mismo no se reciben vídeos." "No videos are taken at the moment.";
    NotOwner = "not_owner" FORBIDDEN
        "No es tu vídeo" "Not your video"
        "Solo quien subió el vídeo puede hacer esto." "Only the player who uploaded the video may do this.";
    LinkExpired = "link_expired" FORBIDDEN
        "Enlace caducado" "Link expired"
        "El enlace ha caducado. Pide uno nuevo." "The link has expired. Ask for a new one.";
    LinkInvalid = "link_invalid" FORBIDDEN
        "Enlace no válido" "Invalid link"
        "El enlace no es nuestro o ha sido alterado." "The link is not ours or has been altered.";
    NotFound = "not_found" NOT_FOUND
        "No existe" "Not found"
        "No hay nada en esta dirección." "There is nothing at this address.";
    VideoNotFound = "video_not_found" NOT_FOUND
        "Vídeo no encontrado" "Video not found"
        "No existe ese vídeo." "There is no such video.";
    UploadNotFound = "upload_not_found" NOT_FOUND
        "Subida no encontrada" "Upload not found"
        "No existe esa subida, o ha caducado. Empieza otra vez."
        "There is no such upload, or it has expired. Start again.";
    FileNotFound = "file_not_found" NOT_FOUND
        "Archivo no encontrado" "File not found"
        "El archivo ya no existe." "The file no longer exists.";
    MethodNotAllowed = "method_not_allowed" METHOD_NOT_ALLOWED
        "Método no permitido" "Method not allowed"
        "Esta dirección no admite ese método HTTP." "This address does not take that HTTP method.";
    RequestTimeout = "request_timeout" REQUEST_TIMEOUT
        "Tiempo agotado" "Request timed out"
        "La petición tardó demasiado en llegar. Vuelve a intentarlo."
        "The request took too long to arrive. Try again.";
    UploadStalled = "upload_stalled" REQUEST_TIMEOUT
        "Subida detenida" "Upload stalled"
        "La subida se detuvo demasiado tiempo. Vuelve a intentarlo con mejor conexión."
        "The upload paused for too long. Try again with a better connection.";
    UploadExpired = "upload_expired" CONFLICT
        "Subida caducada" "Upload expired"
        "La subida ya no está abierta. Empieza otra vez." "The upload is no longer open. Start again.";
    PartsMissing = "parts_missing" CONFLICT
        "Faltan partes" "Parts are missing"
        "Faltan partes del archivo. Envíalas y vuelve a completar la subida."
        "Parts of the file have not arrived. Send them and complete the upload again.";
    UploadCompleted = "upload_completed" CONFLICT
        "Subida ya completa" "Upload complete"
        "La subida ya está completa. Si no quieres el vídeo, bórralo."
        "The upload is complete. Delete the video if you do not want it.";
    TooManyOpenUploads = "too_many_open_uploads" CONFLICT
        "Demasiadas subidas abiertas" "Too many open uploads"
        "Tienes demasiadas subidas abiertas. Termina o cancela alguna."
        "You have too many uploads open. Finish or give up one of them.";
    BodyTooLarge = "body_too_large" PAYLOAD_TOO_LARGE
        "Petición demasiado grande" "Request too large"
        "El cuerpo de la petición es demasiado grande." "The body of the request is too large.";
    UnsupportedMediaType = "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE
        "Tipo de contenido no admitido" "Unsupported media type"
        "Envía el cuerpo con el Content-Type que pide esta dirección."
        "Send the body with the Content-Type that this address takes.";
    RangeNotSatisfiable = "range_not_satisfiable" RANGE_NOT_SATISFIABLE
        "Rango fuera del archivo" "Range not satisfiable"
        "El rango pedido empieza después del final del archivo."
        "The range begins behind the end of the file.";
    ValidationFailed = "validation_failed" UNPROCESSABLE_ENTITY
        "Datos no válidos" "Invalid input"
        "Faltan datos o no tienen la forma esperada." "Fields are missing or malformed.";
    TooManyRequests = "too_many_requests" TOO_MANY_REQUESTS
        "Demasiadas peticiones" "Too many requests"
        "Espera un momento antes de volver a intentarlo." "Wait a moment before you try again.";
    Internal = "internal" INTERNAL_SERVER_ERROR
        "Error interno" "Internal error"
        "Algo falló por nuestra parte. Si se repite, comunícanos el identificador de la petición."
        "Something went wrong on our side. If it happens again, tell us the request id.";
    TooManyUploads = "too_many_uploads" SERVICE_UNAVAILABLE
        "Demasiadas subidas" "Too many uploads"
        "Se están subiendo muchos vídeos a la vez. Vuelve a intentarlo enseguida."
        "Many videos are being uploaded right now. Try again shortly.";
    DatabaseUnavailable = "database_unavailable" SERVICE_UNAVAILABLE
        "Base de datos no disponible" "Database unavailable"
        "No podemos atender la petición ahora mismo. Vuelve a intentarlo enseguida."
        "We cannot answer the request at the moment. Try again shortly.";
    OutOfTime = "out_of_time" SERVICE_UNAVAILABLE
        "Sin terminar a tiempo" "Not finished in time"
        "No pudimos terminar a tiempo. Mira si lo que pediste ya está hecho antes de repetirlo."
        "We could not finish in time. See whether what you asked for is done before you repeat it.";
    StorageUnavailable = "storage_unavailable" SERVICE_UNAVAILABLE
        "Almacenamiento no disponible" "Storage unavailable"
        "No podemos guardar ni leer archivos ahora mismo. Vuelve a intentarlo más tarde."
        "We can neither store nor read files at the moment. Try again later.";
}

impl Code {
    /// What to call an error response that came without a problem of its own:
    /// from the router, or from a library.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => Self::RequestTimeout,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            StatusCode::TOO_MANY_REQUESTS => Self::TooManyRequests,
            status if status.is_server_error() => Self::Internal,
            _ => Self::MalformedRequest,
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique() {
        let codes: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
    }

    #[test]
    fn every_sentence_is_there_and_the_languages_differ() {
        for code in Code::ALL {
            let detail = code.detail();
            assert!(detail.es.ends_with('.') && detail.en.ends_with('.'), "{code:?}");
            assert_ne!(detail.es, detail.en, "{code:?}");
            assert_ne!(code.title().es, code.title().en, "{code:?}");
        }
    }
}
