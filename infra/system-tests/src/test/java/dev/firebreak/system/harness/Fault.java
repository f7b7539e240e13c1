package dev.firebreak.system.harness;

import dev.firebreak.stack.layout.Part;
import java.util.Locale;

/** How a part fails: gone, so that connections are refused, or hung, so that they are accepted and never answered. */
public enum Fault {
    STOPPED {
        @Override
        public void strike(SystemStack stack, Part part) {
            stack.kill(part);
        }

        @Override
        public void mend(SystemStack stack, Part part) {
            stack.start(part);
        }
    },
    HUNG {
        @Override
        public void strike(SystemStack stack, Part part) {
            stack.hang(part);
        }

        @Override
        public void mend(SystemStack stack, Part part) {
            stack.wake(part);
        }
    };

    public abstract void strike(SystemStack stack, Part part);

    public abstract void mend(SystemStack stack, Part part);

    /** For figures: {@code stopped}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
