//! What a form may ask for and aggregates cannot keep, each with what to use instead.

/// Why a row of this type is refused, and what to use instead; `None` if the type is not known.
pub(super) fn kind(name: &str) -> Option<&'static str> {
    Some(match name {
        "or_other" => "what else it is would be free text; write `other` into the list, and leave `or_other` out",
        "text" | "string" => {
            "free text is never collected, for one answer could name a person; ask with `select_one` or \
             `select_multiple`, with `other` among the options"
        }
        "decimal" => {
            "only whole numbers are counted, in bins; use `integer` in a smaller unit, or `select_one` of ranges"
        }
        "date" | "datetime" | "time" => {
            "a date to the day can name a person; ask with `select_one` of years, months or age bands"
        }
        "geopoint" | "geotrace" | "geoshape" | "start-geopoint" | "background-geopoint" => {
            "no position is collected; the campaign's areas say where, a poster's code or a list chooses among them"
        }
        "image" | "photo" | "audio" | "video" | "file" | "background-audio" => {
            "no recording is collected, for it cannot be added up; ask with `select_one` what is to be seen or heard"
        }
        "barcode" => "a code names one thing or one person; ask with `select_one` for its kind",
        "begin_repeat" | "end_repeat" => {
            "a repeat has no fixed number of cells; ask once about all of them (how many, in bins), or write the \
             questions out for each"
        }
        "start" | "end" | "today" | "deviceid" | "phonenumber" | "username" | "email" | "subscriberid"
        | "simserial" | "audit" | "uuid" => {
            "nothing is collected about the device, the person or the time; leave the row out, the day is counted by itself"
        }
        "hidden" => "nothing is collected that the respondent does not see; leave the row out",
        "xml-external" | "csv-external" | "entity" => {
            "no data are attached to a form; write the choices into the sheet choices, or use `select_one_from_file`"
        }
        "select_one_external" => "use `select_one_from_file` with a CSV file beside the form",
        _ => return None,
    })
}

/// Why what stands in this column is refused, and what to use instead.
pub(super) fn column(base: &str) -> Option<&'static str> {
    Some(match base {
        "choice_filter" => "only a choice from a list has options that could depend on an answer",
        "default" => "nothing is chosen beforehand, for that suggests an answer: leave the cell empty",
        "media" | "image" | "big-image" | "audio" | "video" => {
            "pictures and sounds are not part of a questionnaire: say it in words"
        }
        "read_only" | "readonly" => "what cannot be answered is no question: use `note`",
        "repeat_count" => "repeats are not collected: write the questions out for each",
        "calculation" => "only a row of type `calculate` has a calculation",
        "trigger" => "calculations follow the answers by themselves: leave the cell empty",
        "bind" | "body" | "instance" | "control" => {
            "parts of the XForm behind a form are not read: use the columns of XLSForm"
        }
        _ => return None,
    })
}
