package dev.firebreak.auth.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import dev.firebreak.auth.grant.Renewals;
import dev.firebreak.auth.signing.KeyAnswer;
import dev.firebreak.auth.signing.KeyOrder;
import dev.firebreak.auth.signing.KeyOrders;
import dev.firebreak.auth.signing.KeyReport;
import dev.firebreak.auth.signing.KeyState;
import dev.firebreak.auth.signing.SigningAlgorithm;
import dev.firebreak.auth.signing.SigningKey;
import dev.firebreak.auth.trust.TrustExport;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import dev.firebreak.contracts.trust.TrustAnswer;
import dev.firebreak.trust.TrustSeed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code ops/keys}: signing keys, what happens to them next, orders, and their journal. */
@RestController
@RequestMapping({"/internal/v1/ops/keys", "/api/v1/ops/keys"})
class KeysController {
    private static final Set<String> KEY_KINDS = Set.of(Subject.SIGNING_KEY, Subject.REFRESH_KEY, Subject.KEK);

    private final KeyOrders orders;
    private final Journal journal;
    private final Renewals renewals;
    private final TrustExport export;
    private final InstantSource clock;

    KeysController(KeyOrders orders, Journal journal, Renewals renewals, TrustExport export, InstantSource clock) {
        this.orders = orders;
        this.journal = journal;
        this.renewals = renewals;
        this.export = export;
        this.clock = clock;
    }

    record OrderBody(
            @Nullable @Size(max = 100) String kid,

            @NotNull(message = "is missing: say why, for the journal")
            @Size(min = 3, max = 500)
            @Pattern(regexp = "[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]*", message = "must be plain text on one line")
            String reason,

            @Nullable Boolean force,
            @Nullable Boolean emergency,
            @Nullable String algorithm) {}

    record KeyView(
            String kid,
            String state,
            String algorithm,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("published_at") @Nullable Instant publishedAt,
            @JsonProperty("confirmed_at") @Nullable Instant confirmedAt,
            @JsonProperty("activated_at") @Nullable Instant activatedAt,
            @JsonProperty("sign_from") @Nullable Instant signFrom,
            @JsonProperty("sign_until") @Nullable Instant signUntil,
            @JsonProperty("retiring_at") @Nullable Instant retiringAt,
            @JsonProperty("retired_at") @Nullable Instant retiredAt,
            @JsonProperty("revoked_at") @Nullable Instant revokedAt,
            @Nullable StepView next) {
        static KeyView of(SigningKey key, List<KeyReport.Step> plan) {
            return new KeyView(
                    key.kid(),
                    key.state().wireName(),
                    key.algorithm().name(),
                    key.createdAt(),
                    key.publishedAt(),
                    key.confirmedAt(),
                    key.activatedAt(),
                    key.signFrom(),
                    key.signUntil(),
                    key.retiringAt(),
                    key.retiredAt(),
                    key.revokedAt(),
                    plan.stream()
                            .filter(step ->
                                    key.kid().equals(step.kid()) && !step.step().equals("confirm"))
                            .findFirst()
                            .map(StepView::of)
                            .orElse(null));
        }
    }

    record StepView(
            String step,
            @Nullable String kid,
            Instant at,
            @JsonProperty("waits_for") List<String> waitsFor,
            String why) {
        static StepView of(KeyReport.Step step) {
            return new StepView(step.step(), step.kid(), step.at(), step.waitsFor(), step.why());
        }
    }

    record ScheduleView(
            @JsonProperty("rotate_every_s") long rotateEvery,
            @JsonProperty("publish_ahead_s") long publishAhead,
            @JsonProperty("next_rotation_at") Instant nextRotationAt,
            List<KeyReport.Freeze> freezes,
            boolean frozen) {}

    record VerifierView(
            String client,
            String instance,
            @JsonProperty("keys_version") long keysVersion,
            @JsonProperty("seen_at") Instant seenAt,
            boolean live,
            boolean current) {
        static VerifierView of(KeyReport.Holder holder) {
            return new VerifierView(
                    holder.verifier().client(),
                    holder.verifier().instance(),
                    holder.verifier().keysVersion(),
                    holder.verifier().askedAt(),
                    true,
                    holder.current());
        }
    }

    record KeysView(
            long version, Instant now, List<KeyView> keys, ScheduleView schedule, List<VerifierView> verifiers) {}

    /** @param about sessions whose access token an emergency would end; they are renewed */
    record DyingTokens(long about) {}

    record PlanView(
            List<StepView> steps,
            @JsonProperty("dying_tokens") DyingTokens dyingTokens) {}

    record SessionsView(@JsonProperty("to_renew") long toRenew, long renewed) {}

    record PointView(@JsonProperty("at_ms") long atMs, double share) {}

    /** @param exactUntil until then the points are right and complete; the count of sessions always is */
    record RenewalView(
            @Nullable Instant since,
            List<String> kids,
            SessionsView sessions,
            List<PointView> points,
            @JsonProperty("exact_until") @Nullable Instant exactUntil) {}

    record ChangeView(String kid, @Nullable String before, String after) {}

    record EffectiveView(
            String verifier, @JsonProperty("after_ms") long afterMs) {}

    record AnswerView(
            String order,
            @JsonProperty("dry_run") boolean dryRun,
            List<ChangeView> changes,
            List<String> missing,
            List<String> says,
            @JsonProperty("journal_seq") long journalSeq,
            List<EffectiveView> effective,
            long version) {
        static AnswerView of(KeyAnswer answer) {
            return new AnswerView(
                    answer.order().wireName(),
                    answer.dryRun(),
                    answer.changes().stream()
                            .map(it -> new ChangeView(
                                    it.kid(), wireName(it.before()), it.after().wireName()))
                            .toList(),
                    answer.missing(),
                    answer.says(),
                    answer.journalSeq(),
                    answer.effective().stream()
                            .map(it ->
                                    new EffectiveView(it.verifier(), it.after().toMillis()))
                            .toList(),
                    answer.version());
        }

        private static @Nullable String wireName(@Nullable KeyState state) {
            return state == null ? null : state.wireName();
        }
    }

    @GetMapping
    KeysView keys() {
        KeyReport report = orders.report();
        return new KeysView(
                report.version(),
                report.now(),
                report.keys().stream()
                        .map(key -> KeyView.of(key, report.plan()))
                        .toList(),
                new ScheduleView(
                        report.schedule().rotateEvery().toSeconds(),
                        report.schedule().publishAhead().toSeconds(),
                        report.schedule().nextRotationAt(),
                        report.schedule().freezes(),
                        report.schedule().frozen()),
                report.verifiers().stream().map(VerifierView::of).toList());
    }

    @GetMapping("/plan")
    PlanView plan() {
        return new PlanView(
                orders.report().plan().stream().map(StepView::of).toList(), new DyingTokens(renewals.liveSessions()));
    }

    /** How sessions were renewed since a key that signed was last taken back. */
    @GetMapping("/renewal")
    RenewalView renewal() {
        List<SigningKey> taken = orders.report().keys().stream()
                .filter(key -> key.revokedAt() != null && key.activatedAt() != null)
                .toList();
        Instant since = taken.stream()
                .map(SigningKey::revokedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        if (since == null) {
            return new RenewalView(null, List.of(), new SessionsView(0, 0), List.of(), null);
        }
        Renewals.Curve curve = renewals.since(since);
        return new RenewalView(
                since,
                taken.stream()
                        .filter(key -> since.equals(key.revokedAt()))
                        .map(SigningKey::kid)
                        .toList(),
                new SessionsView(curve.toRenew(), curve.renewed()),
                curve.points().stream()
                        .map(point -> new PointView(point.after().toMillis(), share(point, curve)))
                        .toList(),
                curve.exactUntil());
    }

    /** At most 1: the points may be older than the count, and sessions end. */
    private static double share(Renewals.Point point, Renewals.Curve curve) {
        return Math.min(1.0, (double) point.renewed() / Math.max(1, curve.toRenew()));
    }

    /** A seed for a verifier that cannot ask the feed itself: the content of its state file. */
    @GetMapping("/export")
    ResponseEntity<String> export() {
        TrustAnswer answer = export.full()
                .orElseThrow(() -> new ServiceException(
                        AuthError.TRUST_UNAVAILABLE,
                        "This node has not read keys and revocations yet",
                        Duration.ofSeconds(1)));
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.TEXT_PLAIN)
                .body(TrustSeed.write(answer, clock.instant()));
    }

    @PostMapping("/{order:prepare|publish|activate|retire|revoke|rotate}")
    AnswerView give(
            @PathVariable String order,
            @RequestBody @Valid OrderBody body,
            @RequestParam(name = "dry_run", defaultValue = "false") boolean dryRun,
            Caller caller) {
        KeyOrder.Kind kind = kind(order);
        boolean force = Boolean.TRUE.equals(body.force());
        boolean emergency = Boolean.TRUE.equals(body.emergency());
        if (emergency && kind != KeyOrder.Kind.ROTATE) {
            throw invalid("/emergency", "is for rotate only");
        }
        if (force && kind != KeyOrder.Kind.ROTATE && kind != KeyOrder.Kind.ACTIVATE) {
            throw invalid("/force", "is for activate and rotate only: it skips the waits for third parties");
        }
        if (body.kid() != null && kind == KeyOrder.Kind.PREPARE) {
            throw invalid("/kid", "is not for prepare: it makes a key");
        }
        if (body.kid() != null && kind == KeyOrder.Kind.ROTATE && !emergency) {
            throw invalid("/kid", "is for an emergency only: rotate makes the next key sign; activate takes a kid");
        }
        if (body.algorithm() != null && kind != KeyOrder.Kind.ROTATE && kind != KeyOrder.Kind.PREPARE) {
            throw invalid("/algorithm", "is for prepare and rotate only: a key keeps the one that it was made for");
        }
        return AnswerView.of(orders.give(new KeyOrder(
                kind,
                body.kid(),
                body.reason(),
                force,
                emergency,
                algorithm(body.algorithm()),
                dryRun,
                caller.actor().text())));
    }

    /** Of keys of every ring; what else the journal tells of is under {@code ops/audit}. */
    @GetMapping("/history")
    JournalPage.History history(
            @RequestParam(defaultValue = "0") @Min(0) long after,
            @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit) {
        return JournalPage.of(journal.after(after, limit, KEY_KINDS), journal.head(), limit);
    }

    /** The whole journal: the rows of keys alone are no chain. */
    @GetMapping("/history/verify")
    JournalPage.Verdict verify() {
        return JournalPage.of(journal.verify());
    }

    private static KeyOrder.Kind kind(String name) {
        for (KeyOrder.Kind kind : KeyOrder.Kind.values()) {
            if (kind.wireName().equals(name)) {
                return kind;
            }
        }
        throw new IllegalStateException("the path admits no other order: " + name);
    }

    private static @Nullable SigningAlgorithm algorithm(@Nullable String name) {
        if (name == null) {
            return null;
        }
        for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
            if (algorithm.name().equals(name)) {
                return algorithm;
            }
        }
        throw invalid("/algorithm", "must be ES256 or RS256");
    }

    private static ServiceException invalid(String field, String message) {
        return new ServiceException(
                RequestError.INVALID, "The request is not valid.", List.of(new Violation(field, message)));
    }
}
