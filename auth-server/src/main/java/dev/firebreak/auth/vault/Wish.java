package dev.firebreak.auth.vault;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A token that somebody who may have it wants.
 *
 * @param account Google's {@code sub}; absent = the account that was connected first and works
 * @param offline the user is away, so their switch counts
 * @param wanted life below which the token is renewed
 * @param least life below which no answer is better than the token
 */
record Wish(
        UUID user, GoogleService service, @Nullable String account, boolean offline, Duration wanted, Duration least) {
    /** What somebody who names no life gets: time for a call, and for one more if the first fails. */
    private static final Duration USUAL = Duration.ofSeconds(60);
    /** While Google is away, a token for one quick call is better than none. */
    private static final Duration BARE = Duration.ofSeconds(10);

    static Wish of(
            UUID user, GoogleService service, @Nullable String account, boolean offline, @Nullable Duration minimum) {
        return minimum == null
                ? new Wish(user, service, account, offline, USUAL, BARE)
                : new Wish(user, service, account, offline, minimum, minimum);
    }

    /** What tells wishes apart that another token answers. */
    record Key(UUID user, GoogleService service, @Nullable String account, boolean offline) {}

    Key key() {
        return new Key(user, service, account, offline);
    }
}
