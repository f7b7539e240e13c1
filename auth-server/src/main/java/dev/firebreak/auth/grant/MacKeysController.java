package dev.firebreak.auth.grant;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.node.Node;
import dev.firebreak.auth.node.Nodes;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.contracts.error.RefreshKeyError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.http.PlainText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code ops/refresh-keys}: the keys of the refresh tokens' MAC, and the order to replace the one that makes tokens. */
@RestController
@RequestMapping({"/internal/v1/ops/refresh-keys", "/api/v1/ops/refresh-keys"})
class MacKeysController {
    private static final Logger LOG = LoggerFactory.getLogger(MacKeysController.class);

    private final MacKeyRepository repository;
    private final MacMoves moves;
    private final MacKeys keys;
    private final KeyWrapper wrapper;
    private final Nodes nodes;
    private final InstantSource clock;

    record Rotate(@NotNull @PlainText(max = 500) String reason) {}

    /**
     * A key.
     *
     * @param waitsFor nodes that must load it before it makes tokens
     */
    record KeyView(
            String id,
            String state,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("made_until") @Nullable Instant madeUntil,
            @JsonProperty("waits_for") List<String> waitsFor) {
        static KeyView of(MacKey key, boolean revoked, List<Node> nodes) {
            return new KeyView(
                    key.id(),
                    revoked ? MacEmergency.REVOKED : key.state().wireName(),
                    key.createdAt(),
                    key.madeUntil(),
                    MacSchedule.waitsFor(key, nodes));
        }
    }

    record KeyList(List<KeyView> keys) {}

    MacKeysController(
            MacKeyRepository repository,
            MacMoves moves,
            MacKeys keys,
            KeyWrapper wrapper,
            Nodes nodes,
            InstantSource clock) {
        this.repository = repository;
        this.moves = moves;
        this.keys = keys;
        this.wrapper = wrapper;
        this.nodes = nodes;
        this.clock = clock;
    }

    @GetMapping
    KeyList list() {
        List<Node> living = nodes.read();
        Set<String> revoked = keys.ring().revoked();
        return new KeyList(repository.list().stream()
                .map(key -> KeyView.of(key, revoked.contains(key.id()), living))
                .toList());
    }

    /** The new key verifies first; it makes tokens when every living node has loaded it, which the loop sees to. */
    @PostMapping("/rotate")
    @ResponseStatus(HttpStatus.CREATED)
    KeyView rotate(@RequestBody @Valid Rotate order, Actor actor) {
        MacKeys.NewKey key = MacKeys.generate(wrapper);
        Instant now = clock.instant();
        if (!moves.prepare(key, actor, order.reason(), now)) {
            throw new ServiceException(
                    RefreshKeyError.ROTATION_UNDER_WAY, "Another new key still waits for nodes to load it.");
        }
        LOG.info("MAC key {} made by {}, because: {}", key.id(), actor.text(), order.reason());
        return KeyView.of(new MacKey(key.id(), MacKeyState.VERIFYING, now, null), false, nodes.read());
    }
}
