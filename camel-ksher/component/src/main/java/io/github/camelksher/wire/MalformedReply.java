/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

/** A body that is not a reply of Ksher's. The message says what is wrong and quotes nothing of the body. */
public final class MalformedReply extends Exception {

    private final String what;

    public MalformedReply(String what) {
        super(what, null, false, false);
        this.what = what;
    }

    static MalformedReply repeatedKey() {
        return new MalformedReply("repeats a key");
    }

    /** What is wrong, as the rest of a sentence that begins with "it". */
    public String what() {
        return what;
    }
}
