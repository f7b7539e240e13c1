package dev.firebreak.contracts.error;

/**
 * One documented way in which a request can fail. Codes are part of the API: never renamed, never reused (contracts,
 * "Errors"). Each feature has one enum that implements this.
 */
public interface ErrorCode {
    /** Stable name, feature first, for instance {@code task.not_found}. Clients switch on it. */
    String code();

    /** What kind of failure this is; decides the HTTP status. */
    Kind kind();

    /** Short fixed text for people, the same for every occurrence. */
    String title();

    /** One or two sentences for the page at {@code /errors/<code>}: what happened and what to do next. */
    String help();

    /** Who must act so that the request can succeed. */
    Actor act();

    /** HTTP meaning of a failure (RFC 9110 status codes). */
    enum Kind {
        /** Malformed or invalid request. */
        INVALID(400),
        /** Positive proof of a missing or bad credential; never infrastructure trouble. */
        UNAUTHENTICATED(401),
        /** Known caller, refused. */
        FORBIDDEN(403),
        /** No such thing, or somebody else's. */
        NOT_FOUND(404),
        /** The resource exists, this method does not apply to it. */
        METHOD_NOT_ALLOWED(405),
        /** No representation that the caller accepts. */
        NOT_ACCEPTABLE(406),
        /** The state of the resource forbids the change. */
        CONFLICT(409),
        /** It was there and will not come back. */
        GONE(410),
        /** An {@code If-Match} did not match (RFC 9110, 13.1.1). */
        PRECONDITION(412),
        /** The request is larger than the documented limit. */
        TOO_LARGE(413),
        /** Content type that this endpoint does not read. */
        UNSUPPORTED_MEDIA(415),
        /** A condition is required and missing (RFC 6585, 3). */
        PRECONDITION_REQUIRED(428),
        /** The caller asked too often (RFC 6585, 4). */
        RATE_LIMITED(429),
        /** A bug of ours. */
        INTERNAL(500),
        /** Infrastructure trouble or overload; the same request may succeed later. */
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** HTTP status code. */
        public int status() {
            return status;
        }
    }

    /** Who must act. */
    enum Actor {
        /** The person or program that sent the request must change it. */
        USER,
        /** The same request may be sent again after {@code Retry-After}. */
        RETRY,
        /** Somebody who runs the system must act. */
        OPERATOR;

        /** Value of the {@code act} member of a problem document. */
        public String wireName() {
            return switch (this) {
                case USER -> "user";
                case RETRY -> "retry";
                case OPERATOR -> "operator";
            };
        }
    }
}
