package dev.firebreak.auth.sealing;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.auth.node.Nodes;
import java.util.List;
import java.util.TreeSet;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code ops/sealing}: how far a rotation of the key-encryption key has come, and which keys are still needed. */
@RestController
@RequestMapping({"/internal/v1/ops/sealing", "/api/v1/ops/sealing"})
class SealingController {
    private final SealedRowRepository rows;
    private final FileKeyWrapper wrapper;
    private final Nodes nodes;

    /**
     * A key-encryption key.
     *
     * @param rows sealed values that need it
     * @param inFile whether the file of the answering node holds it
     */
    record KeyView(
            String id, long rows, @JsonProperty("in_file") boolean inFile) {}

    /**
     * The answer.
     *
     * @param done true if no key but the current one is needed any more
     * @param waitsFor nodes whose file has another first key
     */
    record SealingView(
            String current,
            List<KeyView> keys,
            boolean done,
            @JsonProperty("waits_for") List<String> waitsFor) {
        static SealingView of(SealingProgress progress) {
            List<KeyView> keys = progress.rows().entrySet().stream()
                    .map(row -> new KeyView(
                            row.getKey(), row.getValue(), progress.keys().fileHas(row.getKey())))
                    .toList();
            return new SealingView(
                    progress.current(), keys, progress.isDone(), List.copyOf(new TreeSet<>(progress.waitsFor())));
        }
    }

    SealingController(SealedRowRepository rows, FileKeyWrapper wrapper, Nodes nodes) {
        this.rows = rows;
        this.wrapper = wrapper;
        this.nodes = nodes;
    }

    /** Counts and asks at this moment, not as of the last run of the loop: a key is removed by what this says. */
    @GetMapping
    SealingView progress() {
        return SealingView.of(SealingProgress.of(wrapper.keys(), rows.count(), nodes.read()));
    }
}
