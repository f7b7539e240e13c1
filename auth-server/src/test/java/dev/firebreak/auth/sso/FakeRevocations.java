package dev.firebreak.auth.sso;

import dev.firebreak.auth.trust.Revocations;
import dev.firebreak.contracts.trust.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Revocations as a list. */
final class FakeRevocations implements Revocations {
    final List<String> revoked = new ArrayList<>();

    @Override
    public long revoke(Revocation.Kind kind, String value, @Nullable Instant issuedBefore) {
        revoked.add(kind + " " + value + (issuedBefore == null ? "" : " before " + issuedBefore));
        return revoked.size();
    }

    @Override
    public long last() {
        return revoked.size();
    }
}
