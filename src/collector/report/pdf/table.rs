//! Tables: columns as wide as they need to be, a heading on each page.

use krilla::tagging::{TableHeaderScope, Tag, TagKind};

use super::{
    flow::{BLACK, Colour, Flow, GREY, LEADING, MARGIN, Mark, Style, WIDTH},
    text::least,
};
use crate::{
    collector::report::document::{Cell, Table},
    statistic::band::Band,
};

const HEADING: Style = Style { size: 7.0, bold: true, colour: BLACK };
const CELL: Style = Style { size: 7.5, bold: false, colour: BLACK };

/// Left and right of what stands in a cell.
const SIDE: f32 = 3.0;

/// Above and below it.
const ABOVE: f32 = 2.0;

/// Ground and ink of a band.
pub(super) fn colours(band: Band) -> (Colour, Colour) {
    match band {
        Band::Red => ([251, 220, 217], [125, 21, 16]),
        Band::Yellow => ([251, 240, 196], [87, 66, 0]),
        Band::Blue => ([217, 232, 252], [16, 63, 128]),
    }
}

/// A table with its columns laid out.
struct Laid<'t> {
    table: &'t Table,
    language: &'t str,
    widths: Vec<f32>,
    /// Of each column: its numbers stand at the right.
    numbers: Vec<bool>,
}

/// Draws a table, over as many pages as it takes.
pub(super) fn draw(flow: &mut Flow, table: &Table, language: &str, continued: &str) {
    let numbers: Vec<bool> = (0..table.columns.len())
        .map(|column| table.rows.iter().all(|row| row.get(column).is_some_and(Cell::is_number)))
        .collect();
    let laid = Laid { table, language, widths: widths(flow, table, language), numbers };
    flow.y += 10.0;
    // A heading alone at the foot of a page helps nobody.
    flow.heading(&table.caption, Style::bold(10.0), 70.0);
    flow.tagged(Tag::Table.with_summary(Some(table.caption.clone())), |flow| {
        flow.tagged(Tag::THead, |flow| laid.head(flow));
        flow.tagged(Tag::TBody, |flow| laid.body(flow, continued));
    });
}

impl Laid<'_> {
    /// The heading of the columns.
    fn head(&self, flow: &mut Flow) {
        let cells: Vec<Vec<String>> = self
            .table
            .columns
            .iter()
            .zip(&self.widths)
            .map(|(column, width)| flow.lines(column.heading, HEADING, width - 2.0 * SIDE))
            .collect();
        let most = cells.iter().map(Vec::len).max().unwrap_or(1);
        let height = most as f32 * HEADING.size * LEADING + 2.0 * ABOVE;
        flow.put(Mark::Box { x: MARGIN, y: flow.y, width: WIDTH, height, colour: [238, 238, 238] });
        flow.tagged(Tag::TR, |flow| {
            let mut x = MARGIN;
            for ((lines, width), number) in cells.iter().zip(&self.widths).zip(&self.numbers) {
                let place = (x, flow.y + ABOVE, *width);
                flow.tagged(Tag::TH(TableHeaderScope::Column), |flow| {
                    self.put_cell(flow, lines, place, (HEADING, *number));
                });
                x += width;
            }
        });
        flow.y += height;
        flow.put(Mark::Box { x: MARGIN, y: flow.y - 0.8, width: WIDTH, height: 0.8, colour: [68, 68, 68] });
    }

    /// The rows; on each further page below the heading again.
    fn body(&self, flow: &mut Flow, continued: &str) {
        for row in &self.table.rows {
            let (cells, height) = self.row(flow, row);
            if height > flow.room() {
                flow.turn();
                flow.repeated(|flow| {
                    let caption = format!("{}{continued}", self.table.caption);
                    let lines = flow.lines(&caption, Style::bold(8.0), WIDTH);
                    flow.put_lines(&lines, (MARGIN, flow.y), Style::bold(8.0));
                    flow.y += lines.len() as f32 * 8.0 * LEADING + 2.0;
                    self.head(flow);
                });
            }
            flow.tagged(Tag::TR, |flow| self.put(flow, row, &cells, height));
        }
    }

    /// The lines of each cell of a row, and how high the row is.
    fn row(&self, flow: &Flow, row: &[Cell]) -> (Vec<Vec<String>>, f32) {
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(&self.widths)
            .map(|(cell, width)| flow.lines(&cell.text(self.language), style(cell), width - 2.0 * SIDE))
            .collect();
        let most = cells.iter().map(Vec::len).max().unwrap_or(1);
        (cells, most as f32 * CELL.size * LEADING + 2.0 * ABOVE)
    }

    fn put(&self, flow: &mut Flow, row: &[Cell], cells: &[Vec<String>], height: f32) {
        let mut x = MARGIN;
        let columns = self.table.columns.iter().zip(&self.widths).zip(&self.numbers);
        for ((cell, lines), ((column, width), number)) in row.iter().zip(cells).zip(columns) {
            if let Cell::Band(band) = cell {
                let (colour, _) = colours(*band);
                flow.put(Mark::Box { x, y: flow.y, width: *width, height, colour });
            }
            let place = (x, flow.y + ABOVE, *width);
            let tag: TagKind = if column.names { Tag::TH(TableHeaderScope::Row).into() } else { Tag::TD.into() };
            flow.tagged(tag, |flow| self.put_cell(flow, lines, place, (style(cell), *number)));
            x += width;
        }
        flow.y += height;
        flow.put(Mark::Box { x: MARGIN, y: flow.y - 0.3, width: WIDTH, height: 0.3, colour: [190, 190, 190] });
    }

    fn put_cell(
        &self,
        flow: &mut Flow,
        lines: &[String],
        (x, y, width): (f32, f32, f32),
        (style, right): (Style, bool),
    ) {
        for (row, line) in lines.iter().enumerate() {
            let x = if right { x + width - SIDE - flow.width(line.trim_end(), style) } else { x + SIDE };
            flow.put_lines(std::slice::from_ref(line), (x, y + row as f32 * style.size * LEADING), style);
        }
    }
}

fn style(cell: &Cell) -> Style {
    match cell {
        Cell::Band(band) => Style { bold: true, colour: colours(*band).1, ..CELL },
        Cell::Beyond(_) => Style { bold: true, ..CELL },
        Cell::Empty => Style { colour: GREY, ..CELL },
        _ => CELL,
    }
}

/// How wide the columns are: each as it needs at least, and of what is left a share of all that it would take. What is
/// still left is for all.
fn widths(flow: &Flow, table: &Table, language: &str) -> Vec<f32> {
    let needs = |index| needs(flow, table, language, index);
    let needs: Vec<(f32, f32)> = (0..table.columns.len()).map(needs).collect();
    let (least, whole): (f32, f32) = needs.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    let sides = 2.0 * SIDE * table.columns.len() as f32;
    let room = WIDTH - sides;
    let share = ((room - least) / (whole - least).max(1.0)).clamp(0.0, 1.0);
    let widths: Vec<f32> = needs.iter().map(|(least, whole)| least + (whole - least) * share).collect();
    let (sum, many): (f32, f32) = (widths.iter().sum(), widths.len().max(1) as f32);
    // More columns than fit become narrower all together: their cells are broken anywhere.
    let fitted = |width: f32| if sum > room { width * room / sum } else { width + (room - sum) / many };
    widths.into_iter().map(|width| fitted(width) + 2.0 * SIDE).collect()
}

/// How wide a column is at least, and if nothing in it were broken.
fn needs(flow: &Flow, table: &Table, language: &str, index: usize) -> (f32, f32) {
    let heading = table.columns.get(index).map_or("", |column| column.heading);
    let mut narrow = least(&flow.faces.bold, heading) * HEADING.size;
    // A heading stands in two lines, where there is room.
    let mut whole = flow.width(heading, HEADING) / 2.0;
    for cell in table.rows.iter().filter_map(|row| row.get(index)) {
        let (text, style) = (cell.text(language), style(cell));
        let all = flow.width(&text, style);
        whole = whole.max(all);
        // A figure is not broken.
        let words = matches!(cell, Cell::Text(_) | Cell::Flag(..));
        narrow = narrow.max(if words { least(&flow.faces.regular, &text) * style.size } else { all });
    }
    (narrow, whole.max(narrow))
}
