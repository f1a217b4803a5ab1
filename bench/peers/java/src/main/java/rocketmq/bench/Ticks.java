package rocketmq.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.common.message.MessageExt;

/** The columns of ticks as arrays, filled by Jackson's streaming parser, which is its quickest. For several threads at a time. */
final class Ticks {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final AtomicInteger rows = new AtomicInteger();
    private final String[] symbols;
    private final double[] bidPrices;
    private final double[] askPrices;
    private final int[] volumes;
    private final long[] sequences;
    private final long[] times;

    /** Ticks after the first `limit` ones are parsed and not kept. */
    Ticks(int limit) {
        symbols = new String[limit + 1];
        bidPrices = new double[limit + 1];
        askPrices = new double[limit + 1];
        volumes = new int[limit + 1];
        sequences = new long[limit + 1];
        times = new long[limit + 1];
    }

    void add(List<MessageExt> batch) {
        int row = rows.getAndAdd(batch.size());
        for (MessageExt message : batch) {
            try {
                parse(message.getBody(), Math.min(row++, symbols.length - 1));
            } catch (IOException e) {
                throw new IllegalStateException("a body is no tick: " + e, e);
            }
        }
    }

    /** Throws if one of the ticks is not as it was sent. */
    void check() {
        for (int row = 0; row < Math.min(rows.get(), symbols.length - 1); row++) {
            long number = Bodies.numberOfTick(sequences[row]);
            if (!Bodies.symbol(number).equals(symbols[row]) || bidPrices[row] != Bodies.bidPrice(number)
                || askPrices[row] != Bodies.askPrice(number) || volumes[row] != Bodies.volume(number)
                || times[row] != Bodies.timeMs(number)) {
                throw new IllegalStateException("row " + row + " is not the tick that was sent");
            }
        }
    }

    private void parse(byte[] body, int row) throws IOException {
        try (JsonParser parser = FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case "symbol" -> symbols[row] = parser.getText();
                    case "bidPrice" -> bidPrices[row] = parser.getDoubleValue();
                    case "askPrice" -> askPrices[row] = parser.getDoubleValue();
                    case "volume" -> volumes[row] = parser.getIntValue();
                    case "sequence" -> sequences[row] = parser.getLongValue();
                    case "time" -> times[row] = parser.getLongValue();
                    default -> parser.skipChildren();
                }
            }
        }
    }
}
