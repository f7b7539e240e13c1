package dev.firebreak.trust;

import dev.firebreak.contracts.trust.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything revoked at one moment, asked once per request. Immutable, so that readers need no lock; bounded, because an
 * entry leaves when the last token it concerns has expired.
 */
public final class RevocationSet {
    private static final RevocationSet EMPTY = new RevocationSet(List.of());

    private final List<Revocation> entries;
    private final Map<Revocation.Kind, Map<String, List<Revocation>>> index;
    private final Instant firstEnd;

    private RevocationSet(List<Revocation> entries) {
        this.entries = List.copyOf(entries);
        this.index = index(this.entries);
        this.firstEnd = this.entries.stream()
                .map(Revocation::until)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /** Nothing revoked. */
    public static RevocationSet empty() {
        return EMPTY;
    }

    /** These entries; one that another of them covers is left out. */
    public static RevocationSet of(Collection<Revocation> revocations) {
        return revocations.isEmpty() ? EMPTY : new RevocationSet(withoutCovered(revocations));
    }

    /**
     * This set and the new entries, without those that have ended by {@code now}. Returns this same set if nothing
     * changes, so that callers can tell.
     */
    public RevocationSet plus(Collection<Revocation> revocations, Instant now) {
        if (revocations.isEmpty() && now.isBefore(firstEnd)) {
            return this;
        }
        List<Revocation> all = new ArrayList<>(entries.size() + revocations.size());
        all.addAll(entries);
        all.addAll(revocations);
        all.removeIf(entry -> !now.isBefore(entry.until()));
        List<Revocation> kept = withoutCovered(all);
        return kept.equals(entries) ? this : new RevocationSet(kept);
    }

    /** What of this token is revoked, if anything; the kinds are asked in the order of the contract. */
    public Optional<Revocation.Kind> revokes(VerifiedToken token) {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        for (Revocation.Kind kind : index.keySet()) {
            String value = valueOf(kind, token);
            if (value != null && matches(kind, value, token.issuedAt())) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** Number of entries. */
    public int size() {
        return entries.size();
    }

    /** All entries, oldest first. */
    public List<Revocation> entries() {
        return entries;
    }

    private boolean matches(Revocation.Kind kind, String value, Instant issuedAt) {
        List<Revocation> candidates = index.getOrDefault(kind, Map.of()).get(value);
        if (candidates == null) {
            return false;
        }
        for (Revocation entry : candidates) {
            if (entry.issuedBefore() == null || issuedAt.isBefore(entry.issuedBefore())) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String valueOf(Revocation.Kind kind, VerifiedToken token) {
        return switch (kind) {
            case KID -> token.kid();
            case SID -> token.sid();
            case SUB -> token.sub();
            case CLIENT -> token.clientId();
            case JTI -> token.jti();
        };
    }

    private static Map<Revocation.Kind, Map<String, List<Revocation>>> index(List<Revocation> entries) {
        // An EnumMap iterates in the order of the enum, which is the order of the contract.
        Map<Revocation.Kind, Map<String, List<Revocation>>> index = new EnumMap<>(Revocation.Kind.class);
        for (Revocation entry : entries) {
            index.computeIfAbsent(entry.kind(), kind -> new HashMap<>())
                    .computeIfAbsent(entry.value(), value -> new ArrayList<>(1))
                    .add(entry);
        }
        return Collections.unmodifiableMap(index);
    }

    /** Signing out again and again must not make the set grow: the widest entry of a thing replaces the narrower ones. */
    private static List<Revocation> withoutCovered(Collection<Revocation> revocations) {
        Map<Target, List<Revocation>> byTarget = new HashMap<>();
        for (Revocation entry : revocations) {
            List<Revocation> kept =
                    byTarget.computeIfAbsent(new Target(entry.kind(), entry.value()), target -> new ArrayList<>(1));
            if (kept.stream().noneMatch(other -> covers(other, entry))) {
                kept.removeIf(other -> covers(entry, other));
                kept.add(entry);
            }
        }
        List<Revocation> result = new ArrayList<>(revocations.size());
        for (Revocation entry : revocations) {
            List<Revocation> kept = byTarget.get(new Target(entry.kind(), entry.value()));
            if (kept != null && kept.remove(entry)) {
                result.add(entry);
            }
        }
        return result;
    }

    private static boolean covers(Revocation wide, Revocation narrow) {
        boolean allTokens = wide.issuedBefore() == null
                || (narrow.issuedBefore() != null && !wide.issuedBefore().isBefore(narrow.issuedBefore()));
        return allTokens && !wide.until().isBefore(narrow.until());
    }

    private record Target(Revocation.Kind kind, String value) {}
}
