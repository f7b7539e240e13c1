package dev.firebreak.trust;

import dev.firebreak.contracts.trust.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is no longer trusted, as one immutable value: asking it costs five hash look-ups, no lock and no I/O. */
public final class RevocationSet {
    private static final RevocationSet EMPTY = new RevocationSet(List.of());

    private final List<Revocation> entries;
    private final Map<Revocation.Kind, Map<String, Revocation>> byKind;

    private RevocationSet(Collection<Revocation> entries) {
        this.entries = List.copyOf(entries);
        Map<Revocation.Kind, Map<String, Revocation>> index = new EnumMap<>(Revocation.Kind.class);
        for (Revocation entry : this.entries) {
            index.computeIfAbsent(entry.kind(), kind -> new HashMap<>())
                    .merge(entry.value(), entry, RevocationSet::wider);
        }
        this.byKind = index;
    }

    /** Nothing revoked. */
    public static RevocationSet empty() {
        return EMPTY;
    }

    /** Exactly these. */
    public static RevocationSet of(Collection<Revocation> entries) {
        return new RevocationSet(entries);
    }

    /** This set and {@code more}, without what has run out at {@code now}. */
    public RevocationSet plus(Collection<Revocation> more, Instant now) {
        List<Revocation> all = new ArrayList<>(entries);
        all.addAll(more);
        all.removeIf(entry -> !entry.until().isAfter(now));
        return new RevocationSet(all);
    }

    /** What about the token is revoked, if anything. */
    public Optional<Revocation.Kind> revokes(VerifiedToken token) {
        for (Revocation.Kind kind : Revocation.Kind.values()) {
            String value = switch (kind) {
                case KID -> token.kid();
                case SID -> token.sid();
                case SUB -> token.sub();
                case CLIENT -> token.clientId();
                case JTI -> token.jti();
            };
            if (value != null && covers(kind, value, token.issuedAt())) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** The entries, in the order in which they were added. */
    public List<Revocation> entries() {
        return entries;
    }

    /** How many entries. */
    public int size() {
        return entries.size();
    }

    private boolean covers(Revocation.Kind kind, String value, Instant issuedAt) {
        Map<String, Revocation> ofKind = byKind.get(kind);
        Revocation entry = ofKind == null ? null : ofKind.get(value);
        if (entry == null) {
            return false;
        }
        @Nullable Instant before = entry.issuedBefore();
        return before == null || issuedAt.isBefore(before);
    }

    private static Revocation wider(Revocation a, Revocation b) {
        Instant x = a.issuedBefore();
        Instant y = b.issuedBefore();
        if (x == null || y == null) {
            return x == null ? a : b;
        }
        return x.isBefore(y) ? b : a;
    }
}
