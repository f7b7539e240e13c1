package dev.firebreak.starter.client;

import dev.firebreak.trust.retry.RetryRules;

/** How a call ended, as its metric says. */
enum Outcome {
    /** Below 400. */
    OK,
    /** The other side found fault with the request: any 4xx but the two below. */
    REJECTED,
    /** 401 or 403: it does not accept us as a caller. */
    REFUSED,
    /** 503 or 429. */
    SHED,
    /** Any other 5xx. */
    FAILED,
    /** No connection, or it broke. */
    UNREACHABLE,
    /** No answer in the time allowed. */
    TIMEOUT,
    /** Not asked: too little was left of the deadline. */
    DEADLINE,
    /** Not asked: no token of our own could be had. */
    NO_TOKEN;

    static Outcome of(int status) {
        if (RetryRules.isBusy(status)) {
            return SHED;
        }
        if (status == 401 || status == 403) {
            return REFUSED;
        }
        if (status >= 500) {
            return FAILED;
        }
        return status >= 400 ? REJECTED : OK;
    }
}
