package dev.firebreak.stack.process;

import java.util.List;

/**
 * What a step said, for whoever started it; it may be a secret, so it is in no log and in no text form.
 *
 * @param status exit status
 * @param lines standard output and standard error, as they came
 */
public record StepOutput(int status, List<String> lines) {
    public StepOutput {
        lines = List.copyOf(lines);
    }

    @Override
    public String toString() {
        return "StepOutput[status=" + status + "]";
    }
}
